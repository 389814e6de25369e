// What is published on GitHub once and then kept up to date: a comment for each environment, a report of drift.
import { z } from 'zod'
import type { GitHub } from './github.ts'

/** Entries per page; GitHub's maximum. */
const PAGE = 100
const LABEL = 'drift'

const entries = z.array(
  z.object({
    id: z.number(),
    number: z.number().optional(),
    body: z.string().nullish(),
    user: z.object({ type: z.string() }).nullish(),
    author_association: z.string().optional(),
  }),
)
type Entry = z.output<typeof entries>[number]

/** An invisible line in front of the text, by which it is found again. */
const mark = (kind: 'preview' | 'drift', stack: string) => `<!-- backendless-login ${kind} ${stack} -->`

/** Writes the preview of an environment as a comment on a pull request, and replaces the previous one. */
export async function publishComment(
  github: GitHub,
  {
    stack,
    text,
    pullRequest,
  }: { readonly stack: string; readonly text: string; readonly pullRequest: number },
): Promise<void> {
  const body = `${mark('preview', stack)}\n${text}`
  const path = `/issues/${pullRequest}/comments`
  const existing = await find(github, `${path}?`, mark('preview', stack))
  if (existing) await github.call('PATCH', `/issues/comments/${existing.id}`, { body })
  else await github.call('POST', path, { body })
}

/** Opens the report of drift of an environment, or updates it if it is open. */
export async function publishReport(
  github: GitHub,
  { stack, text }: { readonly stack: string; readonly text: string },
): Promise<void> {
  const body = `${mark('drift', stack)}\n${text}`
  const existing = await findReport(github, stack)
  if (existing?.number !== undefined) await github.call('PATCH', `/issues/${existing.number}`, { body })
  else await github.call('POST', '/issues', { title: `Drift of ${stack}`, body, labels: [LABEL] })
}

/** Closes the report of drift, if one is open: the tenant is as it was deployed. */
export async function resolveReport(github: GitHub, stack: string): Promise<void> {
  const existing = await findReport(github, stack)
  if (existing?.number === undefined) return
  await github.call('PATCH', `/issues/${existing.number}`, { state: 'closed', state_reason: 'completed' })
}

function findReport(github: GitHub, stack: string): Promise<Entry | undefined> {
  return find(github, `/issues?state=open&labels=${LABEL}&`, mark('drift', stack))
}

async function find(github: GitHub, list: string, start: string): Promise<Entry | undefined> {
  for (let page = 1; ; page++) {
    const found = entries.parse(await github.call('GET', `${list}per_page=${PAGE}&page=${page}`))
    const ours = found.find((entry) => entry.body?.startsWith(start) && isTrusted(entry))
    if (ours || found.length < PAGE) return ours
  }
}

/** Anybody may write a comment that begins like ours, so only those of trusted authors are found again. */
function isTrusted({ user, author_association }: Entry): boolean {
  return user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(author_association ?? '')
}
