// The checks of what runs at sign-ins.
import { createHash } from 'node:crypto'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret } from '../../actions/backendless-login/settings.ts'
import { type Bundle, bundleAction, RUNTIME } from '../../provisioning/bundle.ts'
import type { Config } from '../../provisioning/config-schema.ts'
import { inUse } from '../../provisioning/passwords-schema.ts'
import { settingsOf } from '../../provisioning/settings.ts'
import type { Version } from '../auth0/shapes.ts'
import type { BoundAction, Tenant } from '../auth0/tenant.ts'
import { namesOf } from './auth0.ts'
import type { Findings } from './findings.ts'

const OF_THE_VERSION = ['code', 'runtime', 'secrets'] as const
export const DEPLOYED = ['deployed', ...OF_THE_VERSION, 'bound', 'last'] as const

/** Calls that can stop a sign-in or redirect the user, with the name of what they do. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/\baccess\s*\.\s*deny\s*\(/, 'access.deny'],
  [/\bmultifactor\s*\.\s*enable\s*\(/, 'multifactor.enable'],
  [/\bredirect\s*\.\s*sendUserTo\s*\(/, 'redirect.sendUserTo'],
  [/\bauthentication\s*\.\s*(challenge|enroll)With(Any)?\s*\(/, 'authentication.challengeWith'],
  [/\bvalidation\s*\.\s*error\s*\(/, 'validation.error'],
  [/\bprompt\s*\.\s*render\s*\(/, 'prompt.render'],
]

/** @param config `undefined` if it is not usable: checks that need it are then not made. */
export async function checkDeployed(
  found: Findings,
  { tenant, bound }: { readonly tenant: Tenant; readonly bound: readonly BoundAction[] },
  actionId: string,
  config: Config | undefined,
): Promise<void> {
  let version: Version | undefined
  await found.attempt('deployed', async () => {
    version = await tenant.deployedVersion(actionId)
    if (!version) found.failed('deployed', 'The Action has no deployed version.')
    else if (version.deployed === false)
      found.failed('deployed', 'The Action is being deployed at this moment.')
    else found.ok('deployed', 'The Action has a deployed version.')
  })
  if (!version || found.result('deployed') !== 'ok') {
    found.notChecked(DEPLOYED, 'There is no deployed version.')
  } else if (config) {
    const bundle = bundleAction(settingsOf(config))
    checkCode(found, version.code, bundle.code)
    checkRuntime(found, version, bundle)
    checkSecrets(found, version, config)
  } else {
    found.notChecked(OF_THE_VERSION, 'The configuration is not usable.')
  }
  checkPlace(found, bound, actionId)
}

function checkCode(found: Findings, deployed: string, built: string): void {
  const [there, here] = [deployed, built].map((code) => createHash('sha256').update(code).digest('hex'))
  if (there === here) found.ok('code', `The deployed code is the one that this checkout builds (${here}).`)
  else found.failed('code', `The deployed code has the SHA-256 ${there}; this checkout builds ${here}.`)
}

function checkRuntime(found: Findings, { runtime, dependencies }: Version, bundle: Bundle): void {
  const list = (all: Bundle['dependencies']) =>
    all
      .map(({ name, version }) => `${name} ${version}`)
      .sort()
      .join(', ') || 'none'
  const [there, here] = [list(dependencies), list(bundle.dependencies)]
  const differences = [
    ...(runtime === RUNTIME ? [] : [`runtime: deployed ${runtime ?? 'unknown'}, declared ${RUNTIME}`]),
    ...(there === here ? [] : [`dependencies: deployed ${there}, declared ${here}`]),
  ]
  if (differences.length === 0) found.ok('runtime', `It runs on ${RUNTIME} with ${here}.`)
  else found.failed('runtime', `${differences.join('; ')}.`)
}

function checkSecrets(found: Findings, { secrets }: Version, { passwords }: Config): void {
  const expected = [APP_ID_SECRET, API_KEY_SECRET, ...inUse(passwords).map(({ id }) => passwordSecret(id))]
  const names = secrets.map(({ name }) => name)
  const missing = expected.filter((name) => !names.includes(name))
  const more = names.filter((name) => !expected.includes(name))
  if (missing.length > 0) found.failed('secrets', `The deployed version lacks ${missing.join(', ')}.`)
  else if (more.length > 0) {
    found.warning(
      'secrets',
      `The deployed version also has ${more.join(', ')}, which the stack does not declare.`,
    )
  } else found.ok('secrets', `The deployed version has ${expected.join(', ')}.`)
}

function checkPlace(found: Findings, bound: readonly BoundAction[], actionId: string): void {
  const place = bound.findIndex(({ id }) => id === actionId)
  if (place < 0) {
    found.failed('bound', 'The Action is not bound to post-login, so no sign-in runs it.')
    found.notChecked(['last'], 'The Action is not bound.')
    return
  }
  found.ok('bound', 'The Action is bound to post-login.')
  const after = bound.slice(place + 1)
  const refusing = after.flatMap(({ name, code = '' }) => {
    const calls = REFUSALS.filter(([pattern]) => pattern.test(code)).map(([, call]) => call)
    return calls.length > 0 ? [`${name} (${calls.join(', ')})`] : []
  })
  const hidden = after.filter(({ code }) => code === undefined)
  if (refusing.length > 0) {
    found.failed('last', `After it come Actions that may stop a sign-in: ${refusing.join(', ')}.`)
  } else if (hidden.length > 0) {
    found.warning(
      'last',
      `After it come Actions whose code Auth0 does not show, so they may stop a sign-in: ${namesOf(hidden)}.`,
    )
  } else if (after.length > 0) {
    found.warning('last', `It is not the last: ${namesOf(after)} come after it, and refuse nothing.`)
  } else found.ok('last', 'It is the last of the trigger.')
}
