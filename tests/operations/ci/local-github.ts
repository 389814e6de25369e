// The part of GitHub's REST API that the workflows use: https://docs.github.com/rest (issues, comments, refs, contents, pulls).
import { createHash } from 'node:crypto'
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

export interface Thread {
  readonly number: number
  title: string
  body: string
  state: string
  labels: readonly string[]
}

export interface Comment {
  readonly id: number
  readonly issue: number
  body: string
  readonly user: { readonly type: string }
  readonly author_association: string
}

export interface Body {
  readonly [key: string]: unknown
  readonly title?: string
  readonly body?: string
  readonly labels?: readonly string[]
  readonly draft?: boolean
}
type Call = FastifyRequest<{
  Params: Record<string, string>
  Querystring: Record<string, string>
  Body: Body
}>

const TOKEN = 'a token of the workflow'

/** One repository, `team/shop`, with `files` on its default branch. */
export class LocalGitHub {
  readonly comments: Comment[] = []
  readonly issues: Thread[] = []
  readonly pulls: Body[] = []
  readonly branches = new Map<string, Map<string, string>>()
  readonly requests: string[] = []
  drafts = true
  readonly #server = Fastify()
  #number = 0

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.branches.set('main', new Map(Object.entries(files)))
    this.#routes()
  }

  async start(): Promise<Readonly<Record<string, string>>> {
    const url = await this.#server.listen({ port: 0, host: '127.0.0.1' })
    return { GITHUB_API_URL: url, GITHUB_REPOSITORY: 'team/shop', GITHUB_TOKEN: TOKEN }
  }

  close(): Promise<void> {
    return this.#server.close()
  }

  #routes(): void {
    const at = '/repos/team/shop'
    const server = this.#server
    server.addHook('onRequest', async (request, reply) => {
      this.requests.push(`${request.method} ${request.url}`)
      if (request.headers.authorization !== `Bearer ${TOKEN}`) {
        await reply.code(401).send({ message: 'Bad credentials' })
      }
    })
    server.get(at, async () => ({ default_branch: 'main' }))
    server.get(`${at}/issues/:number/comments`, async ({ params, query }: Call) =>
      page(
        this.comments.filter(({ issue }) => String(issue) === params.number),
        query,
      ),
    )
    server.post(`${at}/issues/:number/comments`, async ({ params, body }: Call, reply: FastifyReply) => {
      this.say(Number(params.number), String(body.body))
      return reply.code(201).send({})
    })
    server.patch(`${at}/issues/comments/:id`, async ({ params, body }: Call, reply: FastifyReply) => {
      const comment = this.comments.find(({ id }) => String(id) === params.id)
      if (!comment) return reply.code(404).send({ message: 'Not Found' })
      comment.body = String(body.body)
      return {}
    })
    server.get(`${at}/issues`, async ({ query }: Call) =>
      page(
        this.issues
          .filter(({ state, labels }) => state === query.state && labels.includes(query.labels ?? ''))
          .map((issue) => ({ ...issue, id: issue.number, user: { type: 'Bot' } })),
        query,
      ),
    )
    server.post(`${at}/issues`, async ({ body }: Call, reply: FastifyReply) => {
      const { title = '', body: text = '', labels = [] } = body
      this.issues.push({ number: ++this.#number, title, body: text, labels, state: 'open' })
      return reply.code(201).send({})
    })
    server.patch(`${at}/issues/:number`, async ({ params, body }: Call) => {
      Object.assign(this.issues.find(({ number }) => String(number) === params.number) ?? {}, body)
      return {}
    })
    server.get(`${at}/git/ref/heads/:branch`, async ({ params }: Call) => ({
      object: { sha: hash(JSON.stringify([...(this.branches.get(String(params.branch)) ?? [])])) },
    }))
    server.post(`${at}/git/refs`, async ({ body }: Call, reply: FastifyReply) => {
      const name = String(body.ref).replace('refs/heads/', '')
      if (this.branches.has(name)) return reply.code(422).send({ message: 'Reference already exists' })
      this.branches.set(name, new Map(this.branches.get('main')))
      return reply.code(201).send({})
    })
    server.get(`${at}/contents/:path`, async ({ params }: Call, reply: FastifyReply) => {
      const text = this.branches.get('main')?.get(String(params.path))
      if (text === undefined) return reply.code(404).send({ message: 'Not Found' })
      return { sha: hash(text), content: Buffer.from(text).toString('base64') }
    })
    server.put(`${at}/contents/:path`, async ({ params, body }: Call, reply: FastifyReply) => {
      const files = this.branches.get(String(body.branch))
      const before = files?.get(String(params.path))
      if (!files || before === undefined || body.sha !== hash(before)) return reply.code(409).send({})
      files.set(String(params.path), Buffer.from(String(body.content), 'base64').toString())
      return {}
    })
    server.post(`${at}/pulls`, async ({ body }: Call, reply: FastifyReply) => {
      if (body.draft && !this.drafts) {
        return reply.code(422).send({ message: 'Draft pull requests are not supported in this repository.' })
      }
      const number = ++this.#number
      this.pulls.push(body)
      return reply.code(201).send({ html_url: `https://github.example/team/shop/pull/${number}` })
    })
  }

  /** Adds a comment by the workflow, or by another author. */
  say(issue: number, body: string, author: Partial<Comment> = {}): void {
    const ours = { user: { type: 'Bot' }, author_association: 'NONE' }
    this.comments.push({ id: this.comments.length + 1, issue, body, ...ours, ...author })
  }
}

function page<T>(items: readonly T[], { per_page = '30', page = '1' }: Record<string, string>): readonly T[] {
  return items.slice((Number(page) - 1) * Number(per_page), Number(page) * Number(per_page))
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
