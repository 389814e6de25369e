import * as pulumi from '@pulumi/pulumi'
import { RandomPassword } from '@pulumi/random/randomPassword.js'
import type { Password } from './arguments-with-defaults.ts'
import { fingerprint } from './fingerprint.ts'
import { refusal } from './plain-errors.ts'

/** Characters of a generated password. */
const LENGTH = 64

/** What an id stands for, recorded in the state when the password is created. */
interface Meaning {
  readonly perUser: string
  /** `generated`, or the fingerprint of what was adopted. */
  readonly source: string
}

/**
 * Declares a password and returns its value as a secret. There is a resource for each, also for an adopted one: until it is
 * retired it is protected, because its removal would lock users out. Its keepers record what the id means. They are never
 * changed, and are compared with the configuration, also for a retired entry, which may be in use again one day.
 *
 * If they differ, the output fails with a RunError, so that nothing that needs the value is changed. With `after`, the
 * password is registered after that resource, and is left as it was if that one fails.
 */
export function declarePassword(
  name: string,
  { id, value, perUser, retired }: Password,
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
    // A change of the keepers would replace the value before it could be refused.
    { parent, protect: !retired, ignoreChanges: ['keepers'] },
  )
  const checked = pulumi.all([generated.keepers, configured]).apply(([recorded, meaning]) => {
    const problem =
      recorded && changeOf({ perUser: recorded.perUser ?? '', source: recorded.source ?? '' }, meaning)
    if (problem) {
      throw refusal(
        `backendless-login:passwords: ${id} ${problem}. An id never changes its meaning, or nobody who is on it could sign in: put the entry back as it was, and add a new one with another id.`,
      )
    }
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
