// `npm run ci:rotate`: the next of the five steps, as a change of the configuration and as the text of a pull request.
import type { Choices, RotationStep } from './rotation.ts'
import { nextStep } from './rotation.ts'
import { applyStep, readEntries } from './stack-file.ts'

export interface Proposal {
  /** The configuration after this step; `undefined` if the step does not change it. */
  readonly file: string | undefined
  /** Name of the branch; unique to the step. */
  readonly branch: string
  readonly title: string
  /** Markdown. */
  readonly body: string
}

/** @throws Problem if the next step does not follow from the configuration. */
export function rotate(stack: string, text: string, choices: Choices): Proposal {
  const step = nextStep(readEntries(text), choices)
  return {
    file: step.kind === 'move' ? undefined : applyStep(text, step),
    branch: `rotate/${stack.replaceAll('/', '-')}-${step.kind}-${idsOf(step).join('-')}`,
    ...wordsOf(stack, step),
  }
}

function idsOf(step: RotationStep): readonly string[] {
  return 'id' in step ? [step.id] : step.kind === 'move' ? step.from : step.ids
}

function wordsOf(stack: string, step: RotationStep): { readonly title: string; readonly body: string } {
  const ids = idsOf(step).join(', ')
  const next = (what: string) => `\nWhen this is deployed: ${what}\n`
  switch (step.kind) {
    case 'add':
      return {
        title: `${stack}: add password ${ids} (rotation, step 1 of 5)`,
        body: `The Action will know password ${ids} but not use it. So everybody can still sign in if the next step is rolled back.
${next(`run the workflow \`rotate\` again, or \`npm run ci:rotate -- --stack ${stack}\`. Deploy this everywhere before that.`)}`,
      }
    case 'activate':
      return {
        title: `${stack}: use password ${ids} (rotation, step 2 of 5)`,
        body: `Once this is deployed, a user who signs in is moved to password ${ids}. To go back, put the entry below it on top again.

Is step 1 deployed? The preview must show the Action to update and no password to create.
${next('put the secret output `passwords` in the vault (docs/environments.md), wait some days, then move the users who do not sign in.')}`,
      }
    case 'move':
      return {
        title: `${stack}: move the users who are on ${ids} (rotation, step 3 of 5)`,
        body: `The configuration does not change. Once step 2 is deployed, run this on a machine that can reach Pulumi and Auth0:

    npm run passwords -- --stack ${stack}
    npm run passwords -- --stack ${stack} --apply

Repeat it until it says \`Can be retired: ${ids}\`. A user who is still on a password when it is retired cannot sign in.
For step 4, run the workflow \`rotate\` with "the users are moved", or \`npm run ci:rotate -- --stack ${stack} --moved\`.
`,
      }
    case 'retire':
      return {
        title: `${stack}: retire password ${ids} (rotation, step 4 of 5)`,
        body: `The Action will no longer know ${ids}. The value stays in the state: to use it again, remove \`retired\`.

Before this is merged, \`npm run passwords -- --stack ${stack} --apply\` must have said \`Can be retired: ${ids}\`.
${next('run the workflow `rotate` again for the last step, some days later.')}`,
      }
    case 'remove':
      return {
        title: `${stack}: remove password ${ids} (rotation, step 5 of 5)`,
        body: `The preview must show the deletion of the password and nothing else. After this, ${ids} cannot be restored.
${next('remove the old value from the vault, when no backup of Backendless needs it any more.')}`,
      }
    default: {
      const never: never = step
      return never
    }
  }
}
