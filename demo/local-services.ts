// `npm run local`: starts both services on this machine, and prints how to point Pulumi at them.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { readPort, reportFailure } from './command-line.ts'
import { CLIENT_ID } from './scenario.ts'
import type { Services } from './services.ts'
import { endOnSignals, privateTemporaryFolder } from './shutdown.ts'

const HELP = `Starts Auth0's Management API and Backendless on this machine, in memory, until Ctrl-C.

  npm run local [-- --auth0-port 8443 --backendless-port 8080]

  --auth0-port N         default: a free port
  --backendless-port N   default: a free port
  --help                 print this text`

let services: Services | undefined
let interrupted: AbortSignal | undefined

try {
  const options = readOptions()
  if (options.help) {
    console.log(HELP)
  } else {
    const folder = privateTemporaryFolder()
    interrupted = endOnSignals(async () => services?.close())
    const { startServices } = await import('./services.ts')
    services = await startServices(options.ports)
    // The stack's state is deleted with the services: it describes a tenant that is gone then.
    const state = join(folder, 'state')
    mkdirSync(state)
    console.log(instructions(services, pathToFileURL(state).href))
  }
} catch (error) {
  if (!interrupted?.aborted) reportFailure(error)
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      'auth0-port': { type: 'string' },
      'backendless-port': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const port = (name: 'auth0-port' | 'backendless-port') => readPort(`--${name}`, values[name])
  return { help: values.help, ports: { auth0: port('auth0-port'), backendless: port('backendless-port') } }
}

/** Lines to paste into a shell. The keys are generated at start, and valid for these two services only. */
function instructions({ auth0, backendless }: Services, state: string): string {
  const variables = {
    ...auth0.environment,
    PULUMI_BACKEND_URL: state,
    PULUMI_CONFIG_PASSPHRASE: 'local',
  }
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`)
  return `Auth0        https://${auth0.domain}
Backendless  ${backendless.url}

Run this in another terminal, in the folder of this project. The first three variables point Pulumi's Auth0 provider at
this tenant. The last two keep the stack in a temporary folder, not in the backend where you are logged in:

${exports.join('\n')}

npx pulumi stack init local
npx pulumi config set appId ${backendless.appId}
npx pulumi config set serverUrl ${backendless.url}
npx pulumi config set --path 'clients[0]' ${CLIENT_ID}
printf %s ${backendless.keys.rest} | npx pulumi config set --secret apiKey
npx pulumi up

Type in a real API key instead: \`npx pulumi config set --secret apiKey\` asks for it. This one is valid here only.
Ctrl-C ends both services and deletes their data and the stack. Afterwards, delete Pulumi.local.yaml, and run in the
other terminal:

unset ${Object.keys(variables).join(' ')}`
}
