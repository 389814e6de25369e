// Opens a pull request that changes one file through GitHub's API. This needs no git and no credential on disk, and the commit is signed.
import { z } from 'zod'
import { Problem } from '../problem.ts'
import type { GitHub } from './github.ts'

interface FileChange {
  readonly path: string
  /** The current content of the file. If the default branch has another, the change is refused. */
  readonly before: string
  readonly after: string
  readonly branch: string
  readonly title: string
  /** Markdown. */
  readonly body: string
}

/** Opens the pull request and returns its URL. @throws Problem if GitHub refuses, or the step was proposed already. */
export async function openPullRequest(github: GitHub, change: FileChange): Promise<string> {
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
      `GitHub did not create the branch ${branch}. If it exists already, this step was proposed: merge its pull request, or delete the branch.`,
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
 * Opens it as a draft. GitHub starts no workflows for a pull request that a workflow's token opened; a person starts them
 * with "Ready for review". On a plan without drafts, closing and reopening does the same.
 */
async function open(github: GitHub, request: object): Promise<string> {
  const drafted = await github.attempt('POST', '/pulls', { ...request, draft: true })
  const created = drafted.status === 422 ? await github.call('POST', '/pulls', request) : drafted.body
  return z.object({ html_url: z.string() }).parse(created).html_url
}
