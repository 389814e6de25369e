// The checks of Backendless that change nothing.
import { randomUUID } from 'node:crypto'
import { type ApiAnswer, type BackendlessApi, isSuccess, saidBy } from '../backendless/api.ts'
import type { Findings } from './findings.ts'

const SLOW_MS = 1_000
/** A sign-in waits this long for one request. */
const LONGEST_MS = 2_500

const DEPENDENT_CHECKS = ['response time', 'application', 'registration'] as const

/** Returns true if the application can be used, so that other checks can be made. */
export async function checkBackendless(found: Findings, api: BackendlessApi): Promise<boolean> {
  // By the documentation this needs only a key, answers `false` for an unknown token, and changes nothing.
  const path = `/users/isvalidusertoken/${randomUUID()}`
  const answers: (ApiAnswer | undefined)[] = []
  for (let request = 0; request < 3; request += 1) {
    const answer = await api.send('GET', path)
    answers.push(answer)
    if (!answer) break
  }
  const silent = answers.includes(undefined)
  const [first] = answers
  // Another service answers in another form. If Backendless is down, a proxy may answer with a page.
  if (silent || !first || (first.code === undefined && typeof first.body !== 'boolean')) {
    found.failed('backendless', `Nothing at serverUrl answers as Backendless does (${saidBy(first)}).`)
    found.notChecked(DEPENDENT_CHECKS, 'Backendless cannot be reached.')
    return false
  }
  found.ok('backendless', 'Backendless answers.')
  checkTime(found, Math.max(...answers.map((answer) => answer?.ms ?? 0)))
  if (!isSuccess(first)) {
    const why =
      first.code === 2002 ? 'Backendless does not know the application id or the key' : 'Backendless refused'
    found.failed('application', `${why} (${saidBy(first)}).`)
    found.notChecked(['registration'], 'The application id or the key is not valid.')
    return false
  }
  found.ok('application', 'Backendless knows the application id and the key.')
  checkRegistration(found, await api.send('POST', '/users/register', {}))
  return true
}

function checkTime(found: Findings, ms: number): void {
  const says = `The slowest of three requests took ${ms} ms.`
  if (ms > LONGEST_MS) found.failed('response time', `${says} A sign-in waits ${LONGEST_MS} ms.`)
  else if (ms > SLOW_MS) found.warning('response time', `${says} A sign-in needs one to five.`)
  else found.ok('response time', says)
}

/** 3011: password required. 3013: no identity. Unconfirmed: whether Backendless checks first that registration is on. */
function checkRegistration(found: Findings, answer: ApiAnswer | undefined): void {
  if (answer?.code === 3011 || answer?.code === 3013) {
    found.ok(
      'registration',
      `Registration looks open: an empty one was refused for what it lacks (${answer.code}). Only --try-user proves it.`,
    )
  } else if (answer?.code === 3009 || answer?.status === 403) {
    found.failed('registration', `Registration is closed for this key (${saidBy(answer)}).`)
  } else if (isSuccess(answer)) {
    found.failed('registration', 'Backendless accepted a registration without identity and password.')
  } else {
    found.warning(
      'registration',
      `Backendless ${saidBy(answer)} to an empty registration, which does not tell.`,
    )
  }
}
