// `npm run demo`: deploys the program to a local Auth0 and a local Backendless, and serves a page to sign in on.
import { parseArgs } from 'node:util'
import { ArgumentError, readPort, reportFailure } from './command-line.ts'
import { endOnSignals, privateTemporaryFolder } from './shutdown.ts'

const DEFAULT_PORT = 4400

const HELP = `Deploys the program to a local Auth0 tenant, over a local Backendless, and serves a page to sign in on.
It makes no request outside this machine and leaves nothing behind.

  npm run demo                  prints the page's address, and serves it until Ctrl-C
  npm run demo -- --open        also opens it in the browser
  npm run demo -- --check       no page: signs a few users in, prints a table and ends; exit code 1 if a result is wrong

  --port N    port of the page; 0 is a free one. Default: ${DEFAULT_PORT}
  --help      prints this text`

let close: (() => Promise<void>) | undefined
let interrupted: AbortSignal | undefined

try {
  const options = readOptions()
  if (options.help) {
    console.log(HELP)
  } else {
    const began = performance.now()
    privateTemporaryFolder()
    interrupted = endOnSignals(async () => close?.())
    if (options.check) await checkOnce(interrupted, began)
    else await serve(options, interrupted)
  }
} catch (error) {
  if (!interrupted?.aborted) {
    reportFailure(error)
    await close?.()
  }
}

// The imports below take most of a second, so the arguments are checked first.

async function checkOnce(signal: AbortSignal, began: number): Promise<void> {
  const { startServices } = await import('./services.ts')
  const services = await startServices()
  close = () => services.close()
  const { check } = await import('./check.ts')
  process.exitCode = await check(services, signal, began)
  await close()
}

async function serve({ port, open }: { port: number; open: boolean }, signal: AbortSignal): Promise<void> {
  const { startLiveDemo } = await import('./live.ts')
  const demo = await startLiveDemo({ port, signal, onProgress: (line) => console.log(line) })
  close = () => demo.close()
  console.log(`
  ${demo.url}

Auth0        ${demo.tenant}
Backendless  ${demo.backendless}

Sign in as ada@example.com with the password let-me-in, or sign up. Ctrl-C ends the demo and deletes its data.`)
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

function readOptions() {
  const { port, check, open, help } = parseArgs({
    options: {
      port: { type: 'string' },
      check: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values
  if (check && (port !== undefined || open)) {
    throw new ArgumentError('--check serves no page: leave out --port and --open.')
  }
  return { port: readPort('--port', port, 0) ?? DEFAULT_PORT, check, open, help }
}
