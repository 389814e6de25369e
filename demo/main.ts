// `npm run demo`: the program on a local Auth0 tenant and a local Backendless, with a page to sign in on.
import { DeployError } from './deploy/deployment.ts'
import { PortError, readOptions, UsageError } from './options.ts'
import { endOnSignals, privateTemporaryFolder } from './shutdown.ts'

const DEFAULT_PORT = 4400

const HELP = `Deploys the program to a local Auth0 tenant, over a local Backendless, and serves a page to sign in on.
Nothing outside this machine is asked, and nothing is left behind.

  npm run demo                  print the page's address, until Ctrl-C
  npm run demo -- --open        and open it in the browser
  npm run demo -- --check       no page: sign a few users in, print a table, and end; exit code 1 if it is not as it must be

  --engine embedded   deploy without the Pulumi engine, in seconds (default)
  --engine pulumi     deploy with \`pulumi up\`; takes ten seconds or more, and downloads the CLI at first use
  --port ${DEFAULT_PORT}         of the page
  --help`

let close: (() => Promise<void>) | undefined
let interrupted: AbortSignal | undefined

try {
  const options = readCommand(process.argv.slice(2))
  if (options) {
    const began = performance.now()
    privateTemporaryFolder()
    interrupted = endOnSignals(async () => close?.())
    // Not before it is clear that they are needed: loading them takes most of a second.
    if (options.check) await checkOnce(options.engine, interrupted, began)
    else await serve(options, interrupted)
  } else {
    console.log(HELP)
  }
} catch (error) {
  if (!interrupted?.aborted) {
    const plain = error instanceof UsageError || error instanceof DeployError || error instanceof PortError
    console.error(plain ? error.message : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
    await close?.()
  }
}

type Options = NonNullable<ReturnType<typeof readCommand>>

async function checkOnce(engine: Options['engine'], signal: AbortSignal, began: number): Promise<void> {
  const { startServices } = await import('./services.ts')
  const services = await startServices()
  close = () => services.close()
  const { check } = await import('./check.ts')
  process.exitCode = await check(services, engine, signal, began)
  await close()
}

async function serve({ engine, port, open }: Options, signal: AbortSignal): Promise<void> {
  const { startLiveDemo } = await import('./live.ts')
  const demo = await startLiveDemo({ engine, port, signal, onProgress: (line) => console.log(line) })
  close = () => demo.close()
  console.log(`
  ${demo.url}

Auth0        ${demo.tenant}
Backendless  ${demo.backendless}

Sign in as ada@example.com with the password let-me-in, or sign up. Ctrl-C ends everything and forgets it.`)
  if (open) await openInBrowser(demo.url)
}

async function openInBrowser(url: string): Promise<void> {
  const { default: open } = await import('open')
  const failed = () => console.error(`No browser could be opened. Open ${url} by hand.`)
  try {
    const child = await open(url)
    child.once('error', failed)
    child.once('exit', (code) => {
      if (code !== 0 && code !== null) failed()
    })
  } catch {
    failed()
  }
}

/** Undefined where only help is wanted. */
function readCommand(args: readonly string[]) {
  const {
    help,
    engine = 'embedded',
    port,
    check,
    open,
  } = readOptions(args, {
    engine: { type: 'string' },
    port: { type: 'string' },
    check: { type: 'boolean' },
    open: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  })
  if (help) return undefined
  if (engine !== 'embedded' && engine !== 'pulumi') {
    throw new UsageError(`There is no engine ${engine}: it is embedded or pulumi.`)
  }
  if (check && (port !== undefined || open))
    throw new UsageError('--check serves no page: leave --port and --open out.')
  return { engine, check: check === true, open: open === true, port: portOf(port) } as const
}

function portOf(text: string | boolean | undefined): number {
  if (text === undefined) return DEFAULT_PORT
  const port = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : -1
  if (port < 0 || port > 65_535)
    throw new UsageError('--port takes a number from 1 to 65535, or 0 for a free one.')
  return port
}
