// `npm run local`: starts both services on this machine, and prints how to point Pulumi at them.
import { createPublicKey } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { ArgumentError, readPort, reportFailure } from './command-line.ts'
import { CLIENT_ID } from './scenario.ts'
import type { Services } from './services.ts'
import { endOnSignals, privateTemporaryFolder } from './shutdown.ts'

const PRIVATE_KEY = 'AUTH0_CLIENT_ASSERTION_PRIVATE_KEY'

const HELP = `Starts Auth0's Management API and Backendless on this machine, in memory, until Ctrl-C.

  npm run local [-- --auth0-port 8443 --backendless-port 8080]

  --auth0-port N         default: a free port
  --backendless-port N   default: a free port
  --public-key <file>    PEM; lets the client of the Management API sign in with the private key of this pair
  --help                 prints this text`

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
    services = await startServices(options.ports, undefined, options.publicKey)
    // The stack's state is deleted with the services, because its tenant no longer exists then.
    const state = join(folder, 'state')
    mkdirSync(state)
    console.log(instructions(services, pathToFileURL(state).href, options.publicKey !== undefined))
  }
} catch (error) {
  if (!interrupted?.aborted) reportFailure(error)
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      'auth0-port': { type: 'string' },
      'backendless-port': { type: 'string' },
      'public-key': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const port = (name: 'auth0-port' | 'backendless-port') => readPort(`--${name}`, values[name])
  const file = values['public-key']
  return {
    help: values.help,
    ports: { auth0: port('auth0-port'), backendless: port('backendless-port') },
    publicKey: file === undefined ? undefined : readPublicKey(file),
  }
}

/** @throws UsageError */
function readPublicKey(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    // Node would also take the public half of a private key.
    if (!pem.includes('PRIVATE KEY') && createPublicKey(pem).asymmetricKeyType === 'rsa') return pem
  } catch {
    // The error below names the problem without the file's content.
  }
  throw new ArgumentError('--public-key takes a file with an RSA public key as PEM text.')
}

/** Returns lines to paste into a shell. The keys are generated at start, and valid for these two services only. */
function instructions({ auth0, backendless }: Services, state: string, hasKey: boolean): string {
  const { AUTH0_API_TOKEN = '', ...tenant } = auth0.environment
  const variables = {
    ...tenant,
    ...(hasKey
      ? { AUTH0_CLIENT_ID: auth0.client.id, AUTH0_CLIENT_ASSERTION_SIGNING_ALG: 'RS256' }
      : { AUTH0_API_TOKEN }),
    PULUMI_BACKEND_URL: state,
    PULUMI_CONFIG_PASSPHRASE: 'local',
  }
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`)
  const names = Object.keys(variables)
  if (hasKey) {
    exports.unshift(`export ${PRIVATE_KEY}="$(cat <file of the private key>)"`)
    names.unshift(PRIVATE_KEY)
  }
  return `Auth0        https://${auth0.domain}
Backendless  ${backendless.url}

Run this in another terminal, in the folder of this project. The variables AUTH0_… and SSL_CERT_FILE point Pulumi's Auth0
provider at this tenant. The last two keep the stack in a temporary folder, not in the backend where you are logged in:

${exports.join('\n')}

npx pulumi stack init local
npx pulumi config set appId ${backendless.appId}
npx pulumi config set serverUrl ${backendless.url}
npx pulumi config set --path 'clients[0]' ${CLIENT_ID}
printf %s ${backendless.keys.rest} | npx pulumi config set --secret apiKey
npx pulumi up

This API key is valid here only. Enter a real one with \`npx pulumi config set --secret apiKey\`, which asks for it.
Ctrl-C ends both services and deletes their data and the stack. Afterwards, delete Pulumi.local.yaml, and run in the
other terminal:

unset ${names.join(' ')}`
}
