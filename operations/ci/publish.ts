// What is published in GitHub once and then kept up to date: a comment for each environment, a report of drift.
import { z } from 'zod'
import type { GitHub } from './github.ts'

/** GitHub's largest page. */
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

/** In front of the text, where nobody sees it: says whose it is. */
const mark = (kind: 'preview' | 'drift', stack: string) => `<!-- backendless-login ${kind} ${stack} -->`

/** Writes the preview of an environment under a pull request, in the place of the one before. */
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

/** Opens the one report of drift of an environment, or writes what is true now into it. */
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

/** Anybody may write a comment that begins like ours: a stranger's is not to be found in its place. */
function isTrusted({ user, author_association }: Entry): boolean {
  return user?.type === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(author_association ?? '')
}
