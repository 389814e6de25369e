// The process that runs the program. It sends one reply to each order, and ends after one that failed.
import * as pulumi from '@pulumi/pulumi'
import { PROJECT_NAME, STACK } from './deployment.ts'
import { ManagementApi } from './management-api.ts'
import type { DeployOrder, DeployReply } from './messages.ts'
import { Resources } from './resources.ts'

/** Node runs `index.ts` again under another URL, but what it imports only once. */
let runs = 0

process.on('message', (order: DeployOrder) => void run(order))
process.once('disconnect', () => process.exit(1))

async function run({ work, target, config, secretKeys, state }: DeployOrder): Promise<void> {
  const fail = (error: unknown) => answer({ kind: 'failed', message: messageOf(error), state })
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', fail)
  process.removeAllListeners('uncaughtException').on('uncaughtException', fail)
  try {
    pulumi.runtime.setAllConfig(config, [...secretKeys])
    const resources = new Resources(new ManagementApi(target), state, work)
    await pulumi.runtime.setMocks(
      {
        newResource: (resource) =>
          resources.apply(resource).catch((error: unknown) => {
            // Called here, before Pulumi wraps the error.
            fail(error)
            throw error
          }),
        call: ({ token }) => {
          throw new Error(`The program calls ${token}, which the embedded deployer cannot.`)
        },
      },
      PROJECT_NAME,
      STACK,
    )
    runs += 1
    const outputs = await pulumi.runtime.runInPulumiStack(async () => ({
      ...(await import(`../../index.ts?${runs}`)),
    }))
    // Waits for resources that no output depends on, such as the binding.
    await pulumi.runtime.disconnect()
    resources.deleteUndeclared()
    answer({ kind: 'done', outputs: outputs ?? {}, state, plan: resources.plan })
  } catch (error) {
    fail(error)
  }
}

let failed = false

function answer(reply: DeployReply): void {
  if (failed) return
  failed = reply.kind === 'failed'
  process.send?.(reply, () => {
    if (failed) process.exit(1)
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
