// What a security linter for workflows looks for, as far as this repository's workflows can go wrong.
import { parseDocument } from 'yaml'
import { z } from 'zod'

const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  with: z.record(z.string(), z.unknown()).optional(),
})
const jobSchema = z.object({
  if: z.string().optional(),
  environment: z.unknown().optional(),
  permissions: z.record(z.string(), z.string()).optional(),
  'timeout-minutes': z.number().optional(),
  'runs-on': z.string().optional(),
  env: z.record(z.string(), z.unknown()).optional(),
  steps: z.array(stepSchema),
})
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.unknown().optional(),
  env: z.unknown().optional(),
  jobs: z.record(z.string(), jobSchema),
})
type Job = z.output<typeof jobSchema>

/** What a job may have, beside reading the code. */
const MAY_WRITE = ['id-token', 'pull-requests', 'issues', 'contents']

/** Every problem of a workflow, as `<where>: <what>`. */
export function problemsIn(text: string): string[] {
  const workflow = workflowSchema.parse(parseDocument(text).toJS())
  const problems: string[] = []
  for (const event of ['pull_request_target', 'workflow_run', 'issue_comment']) {
    if (event in workflow.on) problems.push(`on: ${event} gives credentials to code of others`)
  }
  if (JSON.stringify(workflow.permissions) !== '{}') problems.push('permissions: must be {} at the top')
  if (workflow.env !== undefined) problems.push('env: belongs to the steps that need it')
  for (const [name, job] of Object.entries(workflow.jobs)) {
    problems.push(
      ...jobProblems(job, 'pull_request' in workflow.on).map((problem) => `jobs.${name}: ${problem}`),
    )
  }
  return [...problems, ...pinProblems(text)]
}

function jobProblems(job: Job, isPullRequest: boolean): string[] {
  const problems: string[] = []
  const { permissions = {}, steps } = job
  for (const [scope, access] of Object.entries(permissions)) {
    if (access === 'write' && !MAY_WRITE.includes(scope)) problems.push(`may write ${scope}`)
  }
  if (Object.keys(permissions).length === 0) problems.push('says no permissions')
  if (job['timeout-minutes'] === undefined) problems.push('has no time limit')
  if (!/^ubuntu-\d/.test(job['runs-on'] ?? '')) problems.push('runs on no fixed machine of GitHub')
  if (mentionsSecret(job.env)) problems.push('hands a secret to every step, npm ci among them')
  const usesSecrets = steps.some((step) => mentionsSecret(step))
  if (usesSecrets && job.environment === undefined) problems.push('has a secret without an environment')
  if (usesSecrets && isPullRequest && !/head\.repo\.full_name == github\.repository/.test(job.if ?? '')) {
    problems.push('is not skipped for forks')
  }
  if (permissions['id-token'] === 'write' && job.environment === undefined) {
    problems.push('logs in without an environment')
  }
  for (const { run = '', uses = '', with: given = {} } of steps) {
    if (run.includes('${{')) problems.push(`puts an expression into a command: ${run}`)
    if (uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false) {
      problems.push('leaves the token in the checkout')
    }
  }
  return problems
}

/** `secrets.X`; the token of the job itself is `github.token`, and is bound by `permissions`. */
function mentionsSecret(part: unknown): boolean {
  return /\bsecrets\b/.test(JSON.stringify(part ?? ''))
}

/** Also for a composite action: whatever is used from elsewhere is a commit, with its version beside it. */
export function pinProblems(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, used] = line.match(/^\s*(?:- )?uses:\s*(\S+)/) ?? []
    if (used === undefined || used.startsWith('./')) return []
    return /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line) ? [] : [`uses: ${used} is not pinned to a commit`]
  })
}
