// Refuses a plan that would lock users out. A resource hook of the Action compares its deployed code with the planned passwords.
import * as pulumi from '@pulumi/pulumi'
import type { PasswordSetting } from '../actions/backendless-login/settings.ts'
import type { CompletePassword } from './arguments-with-defaults.ts'
import { type DeployedPasswords, passwordsIn } from './deployed-settings.ts'
import { inUse, MAX_IN_USE } from './passwords-schema.ts'

type Planned = Pick<CompletePassword, 'id' | 'perUser' | 'retired'>

/**
 * Returns hooks that compare the passwords of the deployed Action with the planned ones before an update, in a preview too.
 * Returns none under Pulumi's mocks, which do not support hooks. With a CLI that does not support them, the program fails.
 */
export function guardDeployedPasswords(
  name: string,
  planned: readonly Planned[],
  component: pulumi.Resource,
): pulumi.ResourceHookBinding {
  const monitor: unknown = pulumi.runtime.getMonitor()
  if (typeof monitor !== 'object' || monitor === null || !('registerResourceHook' in monitor)) return {}
  const hook = new pulumi.ResourceHook(
    `${name}-deployed-passwords`,
    ({ oldInputs, newInputs }) => {
      const warn = (sentence: string) => void pulumi.log.warn(sentence, component)
      const deployed = deployedIn(oldInputs?.code)
      check(deployed, planned, oldInputs?.secrets, warn)
      const problem = applicationProblem(deployed, deployedIn(newInputs?.code))
      if (problem) warn(problem)
    },
    { onDryRun: true },
  )
  return { beforeUpdate: [hook] }
}

/** Code that is not known yet, because `appId` is an output of another resource, counts as code without settings. */
function deployedIn(code: unknown): DeployedPasswords {
  return passwordsIn(typeof code === 'string' ? code : '')
}

function check(
  deployed: DeployedPasswords,
  planned: readonly Planned[],
  secrets: unknown,
  warn: (sentence: string) => void,
): void {
  if (deployed.kind === 'unreadable') {
    warn(
      `Which passwords are in use cannot be read from the deployed Action: ${deployed.why}. So nothing was checked against it: see that no password that users are on is retired or removed.`,
    )
    return
  }
  const problems = problemsOf(deployed.passwords, planned)
  // If there are secrets, they arrive as an Output.
  if (secrets === undefined || (Array.isArray(secrets) && secrets.length === 0)) {
    warn(
      [
        'The state has no secrets of the Action, so it was imported, or the state was lost. Every password in use must be the one that users are on: docs/state.md.',
        ...problems,
      ].join('\n'),
    )
  } else if (problems.length > 0) throw new Error(problems.join('\n'))
}

/** Returns what a changed `appId` means, because a preview does not show the change of a secret. */
function applicationProblem(deployed: DeployedPasswords, planned: DeployedPasswords): string | undefined {
  if (deployed.kind === 'unreadable' || planned.kind === 'unreadable') return undefined
  const [before, after] = [deployed.appIdFingerprint, planned.appIdFingerprint]
  if (before === undefined || after === undefined || before === after) return undefined
  return `appId is another Backendless application than the deployed one (appIdFingerprint ${before} => ${after}). Every password that is derived per user changes with it, so rows that were copied there cannot be opened (password_mismatch), and a user without a row there is registered anew. If that is not what you want, put the appId back.`
}

/** Returns a sentence for each reason why the planned passwords must not replace the deployed ones. */
export function problemsOf(deployed: readonly PasswordSetting[], planned: readonly Planned[]): string[] {
  const current = planned.find(({ retired }) => !retired)?.id
  const toPutBack: string[] = []
  const problems = deployed.flatMap(({ id, perUser }, index) => {
    const entry = planned.find((each) => each.id === id)
    const onTop = index === 0
    if (entry && !entry.retired) {
      return entry.perUser === perUser
        ? []
        : [
            `${id} is deployed with perUser: ${perUser}, and now has perUser: ${entry.perUser}: nobody who is on it could sign in. Put the entry back as it was, and add a new one with another id.`,
          ]
    }
    if (entry && !onTop) return []
    toPutBack.push(id)
    return [
      onTop
        ? `${id} is on top in what is deployed, so its users cannot have been moved${entry ? '' : ', and its entry is gone: put the entry back'}. Put ${current} on top and leave ${id} in use, \`up\`, \`npm run passwords\`, then retire ${id}${entry ? '' : ', `up`, and remove it'}.`
        : `${id} is in use in what is deployed, and its entry is gone: put the entry back. To remove it, add \`retired: true\` to it once no user is on it, \`up\`, and remove it then.`,
    ]
  })
  const used = inUse(planned).map(({ id }) => id)
  const tooMany = used.length + toPutBack.length - MAX_IN_USE
  if (toPutBack.length === 0 || tooMany <= 0) return problems
  const fresh = used.filter((id) => deployed.every((each) => each.id !== id))
  return [
    ...problems,
    `At most ${MAX_IN_USE} passwords can be in use: leave out ${tooMany} of those that are not deployed yet (${fresh.join(', ')}) until an older one is retired.`,
  ]
}
