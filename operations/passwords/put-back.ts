// What to do if the deployed version knows passwords that the configuration does not use, as after a restored version.
import type { PasswordSetting } from '../../actions/backendless-login/settings.ts'
import { MAX_IN_USE } from '../../provisioning/passwords-schema.ts'
import type { StackReading } from '../stack/reading.ts'

const AGAIN_IN_DASHBOARD = 'deploy the last version again in the dashboard'

/**
 * Returns which password to put back into use before anything else is deployed, because users may be on it and the next
 * version would not know it. `undefined` if the deployed version knows only passwords that the configuration uses.
 */
export function putBackAdvice(
  deployed: readonly PasswordSetting[],
  stack: Pick<StackReading, 'passwords' | 'retired'>,
): string | undefined {
  const configured = stack.passwords.map(({ id }) => id)
  const known = deployed.map(({ id }) => id)
  const unused = deployed.filter(({ id }) => !configured.includes(id))
  if (unused.length === 0) return undefined
  const ids = unused.map(({ id }) => id).join(', ')
  const [top = ''] = known
  const moves = !configured.includes(top)
  const what = moves
    ? `It moves users to password ${top}, which the configuration does not use.`
    : `It knows password ${ids}, which the configuration does not use.`
  if (configured.length + unused.length > MAX_IN_USE) {
    // The current one, and as many of the deployed ones as can be in use: newest first.
    const kept = [...new Set([configured[0] ?? '', ...known])].slice(0, MAX_IN_USE)
    return `${what} ${adviceFor(kept, unused, stack)}`
  }
  const putBack = `put ${ids} back into \`passwords\`, below ${configured[0]} and without \`retired: true\`, run \`npx pulumi up\`, and try again.${valuesOf(unused, stack)}`
  return moves
    ? `${what} To lock nobody out, ${putBack}`
    : `${what} If this command has said of this very version that it can be retired, run \`npx pulumi up --refresh\`, and if that finds no changes, ${AGAIN_IN_DASHBOARD}. Otherwise users may be on it: ${putBack}`
}

/** Not all of them can be in use at once. */
function adviceFor(
  kept: readonly string[],
  unused: readonly PasswordSetting[],
  stack: Pick<StackReading, 'passwords' | 'retired'>,
): string {
  const limit = `At most ${MAX_IN_USE} passwords can be in use, so not all of them can be put back:`
  const then =
    'Then run this command with `--apply`: it finds the users who are on a retired password, and says how to put that back.'
  const back = unused.filter(({ id }) => kept.includes(id))
  if (back.length === 0) return `${limit} ${AGAIN_IN_DASHBOARD}. ${then}`
  // `ci:deploy` refuses an entry that is gone while the deployed version knows it.
  const givenUp = [...stack.passwords, ...unused].map(({ id }) => id).filter((id) => !kept.includes(id))
  const retire = givenUp.length > 0 ? `, set \`retired: true\` at ${givenUp.join(', ')}` : ''
  return `${limit} let \`passwords\` begin with ${kept.join(', ')} in this order${retire}, and run \`npx pulumi up\`.${valuesOf(back, stack)} ${then}`
}

/** An entry that was removed would get a new value, which nobody is on. */
function valuesOf(back: readonly PasswordSetting[], { retired }: Pick<StackReading, 'retired'>): string {
  const gone = back.filter(({ id }) => !retired.some((each) => each.id === id))
  return gone
    .map(
      ({ id, perUser }) =>
        ` The stack no longer has the value of ${id}: take it from the vault (docs/state.md), and give the entry \`perUser: ${perUser}\`.`,
    )
    .join('')
}
