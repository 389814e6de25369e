import { DeployError, deployEmbedded } from './deploy/index.ts'
import { VISITS, type Visit } from './scenario.ts'
import { deploymentOf, type Services } from './services.ts'
import { note, table } from './table.ts'
import { makeVisit, type Seen, surprises } from './visit.ts'

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

/**
 * Deploys the program, signs in every user of the scenario, and prints the results. `began`: the start, as a time of
 * `performance.now()`.
 * @returns the exit code: 1 if a result is not the expected one.
 * @throws DeployError if the program cannot be deployed.
 */
export async function check(running: Services, signal: AbortSignal, began: number): Promise<number> {
  const { auth0, backendless } = running
  console.log(`Auth0        https://${auth0.domain}`)
  console.log(`Backendless  ${backendless.url}`)
  console.log('Deploying index.ts without the Pulumi engine …')
  const { actionName, claim } = await deployEmbedded(deploymentOf(running, signal))
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
  console.log('The last column shows what the user reads in their row in Backendless with it.\n')
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
    const seen = await makeVisit(running, visit, claim)
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
