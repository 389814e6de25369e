// A pull request that changes one file, made through GitHub's API: no git, no credential on disk, and a signed commit.
import { z } from 'zod'
import { Problem } from '../problem.ts'
import type { GitHub } from './github.ts'

export interface Change {
  readonly path: string
  /** What the file is now; refused where the default branch has something else. */
  readonly before: string
  readonly after: string
  readonly branch: string
  readonly title: string
  /** Markdown. */
  readonly body: string
}

/** Opens it and gives its address. @throws Problem where GitHub refuses, or the step was proposed already. */
export async function openPullRequest(github: GitHub, change: Change): Promise<string> {
  const { path, before, after, branch, title, body } = change
  const { default_branch: base } = z
    .object({ default_branch: z.string() })
    .parse(await github.call('GET', ''))
  const head = z
    .object({ object: z.object({ sha: z.string() }) })
    .parse(await github.call('GET', `/git/ref/heads/${base}`))
  const file = z
    .object({ sha: z.string(), content: z.string() })
    .parse(await github.call('GET', `/contents/${path}?ref=${head.object.sha}`))
  if (Buffer.from(file.content, 'base64').toString() !== before) {
    throw new Problem(`${path} differs from the one on ${base}: update your working tree, then try again.`)
  }
  const ref = { ref: `refs/heads/${branch}`, sha: head.object.sha }
  const made = await github.attempt('POST', '/git/refs', ref)
  if (made.status === 422) {
    throw new Problem(
      `GitHub makes no branch ${branch}. If it exists already, this step was proposed: merge its pull request, or delete the branch.`,
    )
  }
  await github.call('PUT', `/contents/${path}`, {
    message: title,
    content: Buffer.from(after).toString('base64'),
    sha: file.sha,
    branch,
  })
  return open(github, { title, body, head: branch, base })
}

/**
 * As a draft: GitHub starts no workflow for what a workflow's token opens, and "Ready for review", pressed by a person,
 * starts them. Where the plan has no drafts, closing and reopening does the same.
 */
async function open(github: GitHub, request: object): Promise<string> {
  const drafted = await github.attempt('POST', '/pulls', { ...request, draft: true })
  const created = drafted.status === 422 ? await github.call('POST', '/pulls', request) : drafted.body
  return z.object({ html_url: z.string() }).parse(created).html_url
}
