import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { configStrings, DeployError, type Deployment, type Outputs, type Target } from './deployment.ts'
import type { Order, Reply, State } from './messages.ts'

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url))

/** The state of each tenant, with which a second deployment updates what the first one created. */
const states = new WeakMap<Target, State>()

/**
 * Deploys the program without the Pulumi engine: runs `index.ts` in a process of its own and applies the resources that it
 * declares through the Management API. It deletes only retired passwords. A resource of a type that the program does not
 * declare today is an error. A tenant takes one deployment at a time.
 *
 * @throws DeployError with the message of the program or the tenant, and the program's output.
 */
export async function deployEmbedded(deployment: Deployment): Promise<Outputs> {
  return (await work('apply', deployment)).outputs
}

/**
 * Returns what `deployEmbedded` would change, as text without secrets. Makes no request to the tenant.
 * @throws DeployError with the message of the program.
 */
export async function planEmbedded(deployment: Deployment): Promise<string> {
  const { plan } = await work('plan', deployment)
  return plan.length === 0 ? 'Nothing would change.' : plan.join('\n')
}

async function work(
  kind: Order['work'],
  { auth0, config, secretConfig, signal }: Deployment,
): Promise<Extract<Reply, { kind: 'done' }>> {
  signal?.throwIfAborted()
  const secrets = configStrings(secretConfig)
  const child = fork(PROGRAM, [], {
    execArgv: [],
    // The program does not get the settings of a real Pulumi or the flags of a test runner.
    env: only('PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const abort = () => child.kill('SIGKILL')
  signal?.addEventListener('abort', abort)
  try {
    const { reply, output } = await converse(child, {
      work: kind,
      target: { domain: auth0.domain, apiToken: auth0.apiToken, certificate: auth0.certificate },
      config: { ...configStrings(config), ...secrets },
      secretKeys: Object.keys(secrets),
      state: states.get(auth0) ?? { passwords: {}, actions: {}, bindings: {} },
    })
    signal?.throwIfAborted()
    if (reply && kind === 'apply') states.set(auth0, reply.state)
    if (reply?.kind === 'done') return reply
    const message = reply?.message ?? 'The program ended before it was deployed.'
    throw new DeployError([message, output.trim()].filter(Boolean).join('\n'))
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function converse(child: ChildProcess, order: Order): Promise<{ reply: Reply | undefined; output: string }> {
  return new Promise((resolve, reject) => {
    let reply: Reply | undefined
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.on('message', (message: Reply) => {
      reply = message
    })
    child.once('error', reject)
    child.once('close', () => resolve({ reply, output }))
    child.send(order, (error) => {
      if (error && child.exitCode === null) child.kill('SIGKILL')
    })
  })
}

function only(...names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}
