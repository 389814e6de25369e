// The rules of a security linter for workflows that apply to this repository.
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
  /** A reusable workflow that does the job. */
  uses: z.string().optional(),
  secrets: z.unknown().optional(),
  steps: z.array(stepSchema).default([]),
})
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.unknown().optional(),
  env: z.unknown().optional(),
  jobs: z.record(z.string(), jobSchema),
})
type Workflow = z.output<typeof workflowSchema>
type Job = z.output<typeof jobSchema>

/** Permissions that a job may have, besides reading the code. */
const MAY_WRITE = ['id-token', 'pull-requests', 'issues', 'contents']

/** Returns every problem of a workflow, as `<where>: <what>`. */
export function problemsIn(text: string): string[] {
  const workflow = workflowSchema.parse(parseDocument(text).toJS())
  const problems: string[] = []
  for (const event of ['pull_request_target', 'workflow_run', 'issue_comment']) {
    if (event in workflow.on) problems.push(`on: ${event} gives credentials to code of others`)
  }
  if (isReusable(workflow)) {
    if (Object.keys(workflow.on).length > 1)
      problems.push('on: a reusable workflow is also started otherwise')
  } else if (JSON.stringify(workflow.permissions) !== '{}')
    problems.push('permissions: must be {} at the top')
  if (workflow.env !== undefined) problems.push('env: belongs to the steps that need it')
  for (const [name, job] of Object.entries(workflow.jobs)) {
    problems.push(...jobProblems(job, workflow).map((problem) => `jobs.${name}: ${problem}`))
  }
  return [...problems, ...pinProblems(text)]
}

/** Its jobs have the permissions of the calling job, so it declares none and cannot be started by itself. */
function isReusable({ on }: Workflow): boolean {
  return 'workflow_call' in on
}

function jobProblems(job: Job, workflow: Workflow): string[] {
  const problems = [...permissionProblems(job, workflow), ...installProblems(job)]
  const { steps, uses: called } = job
  if (called === undefined) {
    if (job['timeout-minutes'] === undefined) problems.push('has no time limit')
    if (!/^ubuntu-\d/.test(job['runs-on'] ?? '')) problems.push('runs on no fixed machine of GitHub')
  } else if (!called.startsWith('./.github/workflows/')) {
    problems.push('is done by a workflow from elsewhere')
  }
  if (mentionsSecret(job.env)) problems.push('hands a secret to every step, npm ci among them')
  const usesSecrets = called === undefined && steps.some((step) => mentionsSecret(step))
  if (usesSecrets && job.environment === undefined) problems.push('has a secret without an environment')
  const getsSecrets = usesSecrets || job.secrets !== undefined
  const skipsForks = /head\.repo\.full_name == github\.repository/.test(job.if ?? '')
  if (getsSecrets && 'pull_request' in workflow.on && !skipsForks) problems.push('is not skipped for forks')
  for (const { run = '', uses = '', with: given = {} } of steps) {
    if (run.includes('${{')) problems.push(`puts an expression into a command: ${run}`)
    if (uses.startsWith('actions/checkout@') && given['persist-credentials'] !== false) {
      problems.push('leaves the token in the checkout')
    }
  }
  return problems
}

function permissionProblems({ permissions, environment, uses }: Job, workflow: Workflow): string[] {
  if (isReusable(workflow)) return permissions === undefined ? [] : ['declares what its caller grants']
  const problems: string[] = []
  for (const [scope, access] of Object.entries(permissions ?? {})) {
    if (access === 'write' && !MAY_WRITE.includes(scope)) problems.push(`may write ${scope}`)
  }
  if (Object.keys(permissions ?? {}).length === 0) problems.push('says no permissions')
  if (permissions?.['id-token'] === 'write' && environment === undefined && uses === undefined) {
    problems.push('logs in without an environment')
  }
  return problems
}

/** The npm commands allowed in a job with a token: they run no install scripts, and install no packages for tests. */
function installProblems({ steps, environment, permissions = {} }: Job): string[] {
  const installs = steps.flatMap(({ run = '' }) => run.match(/npm (?:ci|i|install)\b.*/g) ?? [])
  const hasToken = environment !== undefined || Object.values(permissions).includes('write')
  return installs.flatMap((command) => [
    ...(command.includes('--ignore-scripts') ? [] : [`runs every install script: ${command}`]),
    ...(hasToken && !command.includes('--workspaces=false')
      ? [`installs test services beside a token: ${command}`]
      : []),
  ])
}

/** Uses of `secrets.X`. The job's own token is `github.token`, which `permissions` limit. */
function mentionsSecret(part: unknown): boolean {
  return /\bsecrets\b/.test(JSON.stringify(part ?? ''))
}

/** Every action from elsewhere is pinned to a commit, with its version in a comment. */
function pinProblems(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [, used] = line.match(/^\s*(?:- )?uses:\s*(\S+)/) ?? []
    if (used === undefined || used.startsWith('./')) return []
    return /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line) ? [] : [`uses: ${used} is not pinned to a commit`]
  })
}
