import * as pulumi from '@pulumi/pulumi'
import { RandomPassword } from '@pulumi/random/randomPassword.js'
import { fingerprint } from './fingerprint.ts'

/** One password. Its id never changes its meaning: what would change it is refused at preview. */
export interface PasswordArgs {
  /** 1 to 20 of a-z, 0-9 and -. */
  readonly id: string
  /** A password that exists already; without it, 64 random letters and digits. */
  readonly value?: pulumi.Input<string>
  /** Whether Backendless gets one derived per user, or the password itself. */
  readonly perUser: boolean
  /** The Action does not know it any more; its value stays in the state, unprotected, until the entry is removed. */
  readonly retired: boolean
}

/** Characters of a generated password. */
const LENGTH = 64

/** What an id stands for, written down in the state when the password is created. */
interface Meaning {
  readonly perUser: string
  /** `generated`, or the fingerprint of what was adopted. */
  readonly source: string
}

/**
 * The value of a password, as a secret. There is a resource for each, also for one whose value was adopted: until it is
 * retired it is protected, for its removal would lock users out. Its keepers say what the id means, are never changed,
 * and are compared with what the configuration says, also of an entry that is retired and may be in use again one day.
 *
 * The output fails with a RunError where they differ, so that nothing which needs the value is touched. With `after`, the
 * password is registered after that resource, and is left as it was if that one fails.
 */
export function declarePassword(
  name: string,
  { id, value, perUser, retired }: PasswordArgs,
  parent: pulumi.Resource,
  after?: pulumi.Resource,
): pulumi.Output<string> {
  const adopted = value === undefined ? undefined : pulumi.secret(value)
  const configured = {
    perUser: String(perUser),
    source: adopted ? adopted.apply(fingerprint) : 'generated',
  }
  const generated = new RandomPassword(
    `${name}-password-${id}`,
    { length: after ? once(after, LENGTH) : LENGTH, special: false, keepers: configured },
    // Keepers that change would replace the value before anybody could refuse it.
    { parent, protect: !retired, ignoreChanges: ['keepers'] },
  )
  const checked = pulumi.all([generated.keepers, configured]).apply(([recorded, meaning]) => {
    const problem =
      recorded && changeOf({ perUser: recorded.perUser ?? '', source: recorded.source ?? '' }, meaning)
    if (problem) throw refusal(id, problem)
    return true
  })
  const result = adopted ?? generated.result
  return pulumi.secret(pulumi.all([result, checked]).apply(([text]) => text))
}

/**
 * `value`, as soon as `resource` is registered. A plain promise: an Output, or `dependsOn`, would write a dependency into
 * the state, which becomes a cycle when the entry is no longer retired and only the Action is updated (`--target`).
 */
function once<T>(resource: pulumi.Resource, value: T): Promise<T> {
  return new Promise((resolve) => {
    resource.urn.apply(() => resolve(value))
  })
}

function changeOf(recorded: Meaning, configured: Meaning): string | undefined {
  if (recorded.source !== configured.source) {
    if (recorded.source === 'generated') return 'was generated, and now has a value'
    if (configured.source === 'generated') return 'was adopted, and has lost its value'
    return 'was adopted with another value'
  }
  if (recorded.perUser === configured.perUser) return undefined
  return `has had perUser: ${recorded.perUser}, and now has perUser: ${configured.perUser}`
}

function refusal(id: string, problem: string): pulumi.RunError {
  const error = new pulumi.RunError(
    `backendless-login:passwords: ${id} ${problem}. An id never changes its meaning, or nobody who is on it could sign in: put the entry back as it was, and add a new one with another id.`,
  )
  error.stack = error.message
  return error
}
