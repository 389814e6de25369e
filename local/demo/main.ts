// `npm run demo`: deploys the program to a local Auth0 tenant and signs users in to a local Backendless.
import {
  DeployError,
  type Deployment,
  deployEmbedded,
  deployWithPulumi,
  type Outputs,
} from '../deploy/index.ts'
import { endOnSignals, privateTemporaryFolder } from './ending.ts'
import { readOptions, UsageError } from './options.ts'
import { CLIENT_ID, VISITS, type Visit } from './scenario.ts'
import { type Services, startServices } from './services.ts'
import { note, table } from './table.ts'
import { type Seen, signIn, surprises } from './visit.ts'

const HELP = `Deploys the program to a local Auth0 tenant and signs users in to a local Backendless.
Nothing outside this machine is asked, and nothing is left behind.

  npm run demo [-- --engine pulumi]

  --engine embedded   deploy without the Pulumi engine, in seconds (default)
  --engine pulumi     deploy with \`pulumi up\`; takes half a minute, and downloads the CLI at first use
  --help`

const COLUMNS = [
  { title: '', right: true },
  { title: 'who' },
  { title: '' },
  { title: 'what happened' },
  { title: 'requests', right: true },
  { title: 'ms', right: true },
  { title: 'claim' },
  { title: 'opens' },
]

let services: Services | undefined
let interrupted: AbortSignal | undefined

try {
  const deploy = readEngine(process.argv.slice(2))
  if (deploy) {
    const began = performance.now()
    privateTemporaryFolder()
    interrupted = endOnSignals(async () => services?.close())
    services = await startServices()
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

/** The deployer to use; undefined where only help is wanted. */
function readEngine(args: readonly string[]) {
  const { help, engine = 'embedded' } = readOptions(args, {
    engine: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (help) return undefined
  if (engine === 'embedded') return deployEmbedded
  if (engine === 'pulumi') return deployWithPulumi
  throw new UsageError(`There is no engine ${engine}: it is embedded or pulumi.`)
}

async function demo(
  running: Services,
  deploy: (deployment: Deployment) => Promise<Outputs>,
  signal: AbortSignal,
  began: number,
): Promise<number> {
  const { auth0, backendless } = running
  console.log(`Auth0        https://${auth0.domain}`)
  console.log(`Backendless  ${backendless.url}`)
  console.log(
    `Deploying index.ts ${deploy === deployEmbedded ? 'without the Pulumi engine' : 'with pulumi up'} …`,
  )
  const { actionName, claim } = await deploy({
    auth0,
    config: { appId: backendless.appId, serverUrl: backendless.url, clients: [CLIENT_ID] },
    secretConfig: { apiKey: backendless.keys.rest },
    signal,
  })
  if (typeof claim !== 'string') throw new DeployError('The program exports no claim.')
  console.log(`Deployed     Action "${actionName}", at the end of the post-login trigger\n`)

  const seen = await signInAll(running, claim)
  console.log(
    table(
      COLUMNS,
      VISITS.flatMap((visit, index) => rowOf(index, visit, seen[index])),
    ),
  )
  console.log(`\nThe claim is ${claim}, a Backendless user token, shortened here.`)
  console.log('The last column is what the user finds on reading their row in Backendless with it.\n')
  VISITS.forEach(({ explanation }, index) => {
    if (explanation) console.log(note(index + 1, explanation))
  })

  const found = VISITS.flatMap((visit, index) => (seen[index] ? surprises(visit, seen[index]) : []))
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (found.length === 0) console.log(`\nAll ${VISITS.length} sign-ins went as they must, in ${seconds} s.`)
  else console.error(['\nThis is not as it must be:', ...found.map((each) => `  ${each}`)].join('\n'))
  return found.length === 0 ? 0 : 1
}

async function signInAll(running: Services, claim: string): Promise<Seen[]> {
  const all: Seen[] = []
  const tokens = new Map<string, string>()
  for (const visit of VISITS) {
    await visit.before?.(running, tokens)
    const seen = await signIn(running, visit, claim)
    if (seen.token !== undefined) tokens.set(visit.who, seen.token)
    all.push(seen)
  }
  return all
}

function rowOf(index: number, { who, remark }: Visit, seen: Seen | undefined): string[][] {
  if (!seen) return []
  const { happened, requests, milliseconds, token, proof } = seen
  const claim = token === undefined ? '' : `${token.slice(0, 4)}…`
  return [[`${index + 1}`, who, remark, happened, `${requests}`, milliseconds.toFixed(0), claim, proof]]
}
