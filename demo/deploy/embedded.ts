import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { configStrings, DeployError, type Deployment, type Outputs, type Target } from './deployment.ts'
import type { DeployOrder, DeployReply, DeployState } from './messages.ts'

const PROGRAM = fileURLToPath(new URL('program.ts', import.meta.url))

/** The state of each tenant, with which a second deployment updates what the first one created. */
const states = new WeakMap<Target, DeployState>()

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

/** A process that has loaded the program and has nothing to do. It does not keep this process alive. */
let idle: ChildProcess | undefined

async function work(
  kind: DeployOrder['work'],
  { auth0, config, secretConfig, signal }: Deployment,
): Promise<Extract<DeployReply, { kind: 'done' }>> {
  signal?.throwIfAborted()
  const secrets = configStrings(secretConfig)
  const child = takeProcess()
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
    if (reply?.kind === 'done') {
      keep(child)
      return reply
    }
    const message = reply?.message ?? 'The program ended before it was deployed.'
    throw new DeployError([message, output.trim()].filter(Boolean).join('\n'))
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

function takeProcess(): ChildProcess {
  const ready = idle?.connected ? idle : undefined
  idle = undefined
  for (const handle of ready ? handlesOf(ready) : []) handle.ref()
  return (
    ready ??
    fork(PROGRAM, [], {
      execArgv: [],
      // The program does not get the settings of a real Pulumi or the flags of a test runner.
      env: only('PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
  )
}

/** For the next deployment, which then need not load Pulumi again: that takes longer than the deployment itself. */
function keep(child: ChildProcess): void {
  if (idle?.connected) {
    child.kill()
    return
  }
  idle = child
  for (const handle of handlesOf(child)) handle.unref()
}

/** Ends the process that waits for another deployment, if there is one. */
export async function endIdleProcess(): Promise<void> {
  const child = idle
  idle = undefined
  if (!child?.connected) return
  for (const handle of handlesOf(child)) handle.ref()
  child.kill('SIGKILL')
  await once(child, 'close')
}

/** What keeps this process alive while the child lives. */
function handlesOf(child: ChildProcess): { ref(): void; unref(): void }[] {
  const streams = [child.stdout, child.stderr].filter((stream) => stream instanceof Socket)
  return [child, ...(child.channel ? [child.channel] : []), ...streams]
}

/** Resolves with the reply to a deployment that succeeded, and otherwise when the process has ended. */
async function converse(
  child: ChildProcess,
  order: DeployOrder,
): Promise<{ reply: DeployReply | undefined; output: string }> {
  let reply: DeployReply | undefined
  let output = ''
  const collect = (text: Buffer) => {
    output += text
  }
  const streams = [child.stdout, child.stderr]
  for (const stream of streams) stream?.on('data', collect)
  try {
    await new Promise<void>((resolve, reject) => {
      child.on('message', (message: DeployReply) => {
        reply = message
        if (message.kind === 'done') resolve()
      })
      child.once('error', reject)
      child.once('close', () => resolve())
      child.send(order, (error) => {
        if (error && child.exitCode === null) child.kill('SIGKILL')
      })
    })
    return { reply, output }
  } finally {
    child.removeAllListeners()
    for (const stream of streams) stream?.off('data', collect)
  }
}

function only(...names: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, process.env[name]]))
}
