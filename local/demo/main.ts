// `npm run demo`: deploys the program to a local Auth0 tenant and signs users in to a local Backendless.
import { DeployError } from '../deploy/deployment.ts'
import { endOnSignals, privateTemporaryFolder } from './ending.ts'
import { readOptions, UsageError } from './options.ts'
import type { Services } from './services.ts'

const HELP = `Deploys the program to a local Auth0 tenant and signs users in to a local Backendless.
Nothing outside this machine is asked, and nothing is left behind.

  npm run demo [-- --engine pulumi]

  --engine embedded   deploy without the Pulumi engine, in seconds (default)
  --engine pulumi     deploy with \`pulumi up\`; takes ten seconds or more, and downloads the CLI at first use
  --help`

let services: Services | undefined
let interrupted: AbortSignal | undefined

try {
  const engine = readEngine(process.argv.slice(2))
  if (engine) {
    const began = performance.now()
    privateTemporaryFolder()
    interrupted = endOnSignals(async () => services?.close())
    // Not before it is clear that they are needed: loading them takes most of a second.
    const { startServices } = await import('./services.ts')
    services = await startServices()
    const { deployEmbedded, deployWithPulumi } = await import('../deploy/index.ts')
    const { demo } = await import('./demo.ts')
    const deploy = engine === 'pulumi' ? deployWithPulumi : deployEmbedded
    process.exitCode = await demo(services, deploy, interrupted, began)
  } else {
    console.log(HELP)
  }
} catch (error) {
  if (!interrupted?.aborted) {
    console.error(error instanceof UsageError || error instanceof DeployError ? error.message : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
} finally {
  // Where it was interrupted, that is done already.
  if (!interrupted?.aborted) await services?.close()
}

/** What to deploy with; undefined where only help is wanted. */
function readEngine(args: readonly string[]): 'embedded' | 'pulumi' | undefined {
  const { help, engine = 'embedded' } = readOptions(args, {
    engine: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (help) return undefined
  if (engine === 'embedded' || engine === 'pulumi') return engine
  throw new UsageError(`There is no engine ${engine}: it is embedded or pulumi.`)
}
