// Serves the demo's page and executes its commands.
import { readFile } from 'node:fs/promises'
import type { LocalBackendless } from '@backendless-login/local-backendless'
import { build } from 'esbuild'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Accounts } from './accounts.ts'
import type { ActivityFeed } from './activity.ts'
import { BEHAVIOURS, type Behaviour, behave } from './backendless-behaviour.ts'
import { DeployError } from './deploy/index.ts'
import { CHANGES, type DeployedProgram, type DeployedState } from './deployed.ts'

/** Marks the answers of a demo, so that a second one recognizes it on the port. */
export const DEMO_MARK = 'backendless-login demo'

/** The page's settings. All of them are public: the key is the one for browsers. */
export interface PageConfig {
  readonly mark: typeof DEMO_MARK
  readonly domain: string
  readonly clientId: string
  readonly claim: string
  readonly backendless: { readonly serverURL: string; readonly appId: string; readonly apiKey: string }
}

export interface PageState extends DeployedState {
  readonly behaviour: Behaviour
  /** Addresses whose rows have a password that the Action does not know. */
  readonly lost: readonly string[]
}

export interface PageParts {
  readonly backendless: LocalBackendless
  readonly program: DeployedProgram
  readonly accounts: Accounts
  readonly feed: ActivityFeed
  /** Called when a page loads, because the addresses are known only when every service listens. */
  readonly config: () => PageConfig
}

const behaviourOrder = z.strictObject({ behaviour: z.enum(BEHAVIOURS) })
const changeOrder = z.strictObject({ change: z.enum(CHANGES) })
const emailOrder = z.strictObject({ email: z.string() })
const userOrder = z.strictObject({ user: z.string() })

const TYPES = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  svg: 'image/svg+xml',
  txt: 'text/plain',
} as const
const DOCUMENT = /^[a-z-]+\.md$/

/** Returns a server that does not listen yet. It accepts commands as JSON only, which a page of another origin cannot send. */
export async function createPageServer(parts: PageParts): Promise<FastifyInstance> {
  const { backendless, program, accounts, feed, config } = parts
  let behaviour: Behaviour = 'well'
  const state = (): PageState => ({ behaviour, lost: accounts.lost, ...program.state })
  const app = Fastify({ forceCloseConnections: true })

  const script = await bundlePage()
  const style = await pageFile('style.css')
  const html = await pageFile('index.html')
  const send = (reply: FastifyReply, type: keyof typeof TYPES, body: string) =>
    reply.type(`${TYPES[type]}; charset=utf-8`).header('cache-control', 'no-store').send(body)
  app.get('/', (_request, reply) => send(reply, 'html', html))
  app.get('/style.css', (_request, reply) => send(reply, 'css', style))
  app.get('/page.js', (_request, reply) => send(reply, 'js', script))
  app.get('/favicon.ico', (_request, reply) => send(reply, 'svg', ICON))
  app.get<{ Params: { name: string } }>('/docs/:name', async ({ params: { name } }, reply) =>
    DOCUMENT.test(name) ? send(reply, 'txt', await document(name)) : reply.code(404).send(),
  )
  app.get('/config.json', () => config())
  app.get('/state', () => state())
  app.get('/activity', (_request, reply) => {
    reply.hijack()
    feed.listen(reply.raw)
  })

  app.post('/behaviour', (request) => {
    behaviour = behaviourOrder.parse(request.body).behaviour
    behave(backendless, behaviour)
    return state()
  })
  app.post('/password', async (request) => {
    await accounts.loseRow(emailOrder.parse(request.body).email)
    return state()
  })
  app.post('/repair', async (request) => {
    await accounts.repairRow(emailOrder.parse(request.body).email)
    return state()
  })
  app.post('/account', (request) => accounts.of(userOrder.parse(request.body).user))
  app.post('/address', (request) => accounts.changeAddress(userOrder.parse(request.body).user))
  app.post('/newcomer', (request) => accounts.takeOldAddress(userOrder.parse(request.body).user))
  app.post('/plan', async (request) => ({ plan: await program.plan(changeOrder.parse(request.body).change) }))
  app.post('/deploy', async (request) => {
    await program.deploy(changeOrder.parse(request.body).change)
    return state()
  })
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof z.ZodError)
      return reply.code(400).send({ message: 'The page sent an unknown command.' })
    const message = error instanceof DeployError || error instanceof Error ? error.message : String(error)
    return reply.code(500).send({ message })
  })
  return app
}

/** Bundles the page's script with the SDKs of Auth0 and Backendless. */
async function bundlePage(): Promise<string> {
  const result = await build({
    entryPoints: [new URL('page/main.ts', import.meta.url).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  })
  return result.outputFiles[0]?.text ?? ''
}

function document(name: string): Promise<string> {
  return readFile(new URL(`../docs/${name}`, import.meta.url), 'utf8')
}

function pageFile(name: string): Promise<string> {
  return readFile(new URL(`page/${name}`, import.meta.url), 'utf8')
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M8 1a4 4 0 0 0-4 4v2H3v8h10V7h-1V5a4 4 0 0 0-4-4Zm-2 6V5a2 2 0 1 1 4 0v2Z" fill="#3b6fd4"/></svg>`
