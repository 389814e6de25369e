// `npm run local`: both services on this machine, and how to point Pulumi at them.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PortError, readOptions, UsageError } from './options.ts'
import { CLIENT_ID } from './scenario.ts'
import type { Ports, Services } from './services.ts'
import { endOnSignals, privateTemporaryFolder } from './shutdown.ts'

const HELP = `Starts Auth0's Management API and Backendless on this machine, in memory, until Ctrl-C.

  npm run local [-- --auth0-port 8443 --backendless-port 8080]

  --auth0-port N         a free one unless told
  --backendless-port N   a free one unless told
  --help`

let services: Services | undefined
let interrupted: AbortSignal | undefined

try {
  const ports = readPorts(process.argv.slice(2))
  if (ports) {
    const folder = privateTemporaryFolder()
    interrupted = endOnSignals(async () => services?.close())
    const { startServices } = await import('./services.ts')
    services = await startServices(ports)
    // Beside the services, and gone with them: a stack whose tenant is gone is of no use.
    const state = join(folder, 'state')
    mkdirSync(state)
    console.log(instructions(services, pathToFileURL(state).href))
  } else {
    console.log(HELP)
  }
} catch (error) {
  if (!interrupted?.aborted) {
    const plain = error instanceof UsageError || error instanceof PortError
    console.error(plain ? error.message : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

/** Undefined where only help is wanted. */
function readPorts(args: readonly string[]): Ports | undefined {
  const options = readOptions(args, {
    'auth0-port': { type: 'string' },
    'backendless-port': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) return undefined
  const port = (name: string): number | undefined => {
    const value = options[name]
    if (value === undefined) return undefined
    const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0
    if (number < 1 || number > 65_535) throw new UsageError(`--${name} takes a number from 1 to 65535.`)
    return number
  }
  return { auth0: port('auth0-port'), backendless: port('backendless-port') }
}

/** Lines that a shell takes as they are. The keys are made at start and open nothing but these two services. */
function instructions({ auth0, backendless }: Services, state: string): string {
  const variables = {
    ...auth0.environment,
    PULUMI_BACKEND_URL: state,
    PULUMI_CONFIG_PASSPHRASE: 'local',
  }
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`)
  return `Auth0        https://${auth0.domain}
Backendless  ${backendless.url}

In another terminal, in the folder of this project. The first three point Pulumi's Auth0 provider at this tenant;
the last two keep the stack beside it, instead of where you are logged in:

${exports.join('\n')}

npx pulumi stack init local
npx pulumi config set appId ${backendless.appId}
npx pulumi config set serverUrl ${backendless.url}
npx pulumi config set --path 'clients[0]' ${CLIENT_ID}
printf %s ${backendless.keys.rest} | npx pulumi config set --secret apiKey
npx pulumi up

A real API key is typed in: \`npx pulumi config set --secret apiKey\` asks for it. This one is worth nothing elsewhere.
Ctrl-C ends both services and forgets everything, the stack too. Then remove Pulumi.local.yaml, and in the other terminal:

unset ${Object.keys(variables).join(' ')}`
}
