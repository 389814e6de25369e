// The program of an instance's child process. Bundled by executable.ts, started by instance.ts.
import { createApi } from './api/index.ts'
import { AttributedConsole } from './console.ts'
import type { Reply, Request } from './messages.ts'
import { type Handler, lazyModule } from './module.ts'

const attributed = new AttributedConsole((id, text) => reply({ kind: 'log', id, text }))
// Dependencies use the global console.
globalThis.console = attributed.console

let load: () => Handler = () => {
  throw new Error('The instance has no code yet.')
}

process.on('message', (request: Request) => {
  switch (request.kind) {
    case 'load':
      load = lazyModule(request, attributed.console)
      return reply({ kind: 'ready' })
    case 'execute':
      return void execute(request)
    case 'ping':
      return reply({ kind: 'pong' })
    default:
      request satisfies never
  }
})
process.on('disconnect', () => process.exit())
process.on('uncaughtException', reportStray)
process.on('unhandledRejection', reportStray)

async function execute({ id, event, secrets, cache }: Extract<Request, { kind: 'execute' }>): Promise<void> {
  const { api, effects } = createApi(event, cache)
  const argument = { ...event }
  Object.defineProperty(argument, 'secrets', { value: Object.freeze({ ...secrets }), enumerable: true })
  try {
    await attributed.run(id, async () => load()(argument, api))
    // Copied, so that what the Action does after it returned has no effect. A claim that is not JSON fails here.
    reply({ kind: 'completed', id, effects: JSON.parse(JSON.stringify(effects)) })
  } catch (error) {
    reply({ kind: 'failed', id, message: messageOf(error) })
  }
}

function reportStray(error: unknown): void {
  reply({ kind: 'stray', message: messageOf(error) })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function reply(message: Reply): void {
  process.send?.(message)
}
