import * as pulumi from '@pulumi/pulumi'
import { RandomPassword } from '@pulumi/random/randomPassword.js'
import type { CompletePassword } from './arguments-with-defaults.ts'
import { fingerprint } from './fingerprint.ts'
import { refusal } from './plain-errors.ts'

/** Length of a generated password, in characters. */
const LENGTH = 64

/** What an id stands for, recorded in the state when the password is created. */
interface Meaning {
  readonly perUser: string
  /** `generated`, or the fingerprint of what was adopted. */
  readonly source: string
}

/**
 * Declares a password and returns its value as a secret. Adopted passwords get a resource too. It is protected until it is
 * retired, because its removal would lock users out. Its keepers record what the id means. They never change, and are
 * compared with the configuration, even for a retired entry, which may be used again.
 *
 * If they differ, the output fails with a RunError, so that no resource that needs the value is changed. With `after`, the
 * password is registered after that resource, and does not change if that resource fails.
 */
export function declarePassword(
  name: string,
  { id, value, perUser, retired }: CompletePassword,
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
    // Without this, a change of the keepers would replace the value before it could be refused.
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
 * Resolves to `value` once `resource` is registered. This is a plain promise because an Output, or `dependsOn`, would write
 * a dependency into the state. It would become a cycle when the entry is un-retired and only the Action is updated (`--target`).
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
