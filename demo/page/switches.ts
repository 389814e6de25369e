// The page's commands: faults of Backendless, and deployments.
import type { DeploymentChange } from '../deployed.ts'
import type { PageState } from '../page-server.ts'
import { ask, element, make, messageOf, say } from './elements.ts'

/** Addresses whose rows have a password that the Action does not know. */
let lost: readonly string[] = []

/** @param emailOfUser returns the address of the signed-in user. */
export function initSwitches(emailOfUser: () => string | undefined): void {
  element('behaviour').addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) void order('behaviour', '/behaviour', { behaviour: target.value })
  })
  element('change-password').addEventListener('click', async () => {
    const email = emailOfUser()
    if (email !== undefined && (await order('password', '/password', { email }))) {
      say('password', 'Done. Your token still works. Sign out and in again: you are denied.')
    }
  })
  element('repair').addEventListener('click', async () => {
    for (const email of lost) {
      if (!(await order('password', '/repair', { email }))) return
      say('password', `Done. The row of ${email} has the password that the Action expects. Sign in again.`)
    }
  })
  for (const change of ['rotation', 'skipRefresh', 'onFailure'] as const) {
    part('plan', change).addEventListener('click', () => void plan(change))
    part('deploy', change).addEventListener('click', () => void deploy(change))
  }
  void ask<PageState>('/state').then(showState)
}

async function plan(change: DeploymentChange): Promise<void> {
  const button = part('plan', change)
  await busy(change, button, 'Planning …', async () => {
    const { plan: text } = await ask<{ plan: string }>('/plan', { change })
    const output = part('output', change)
    output.replaceChildren(...text.split('\n').map(planLine))
    output.hidden = false
    part('deploy', change).hidden = false
  })
}

async function deploy(change: DeploymentChange): Promise<void> {
  await busy(change, part('deploy', change), 'Deploying …', async () => {
    showState(await ask<PageState>('/deploy', { change }))
    part('output', change).hidden = true
    part('deploy', change).hidden = true
    part('plan', change).focus()
    say(change, 'Done.')
  })
}

/** Returns true if it succeeded. An error is shown at `status`. */
async function order(status: string, path: string, body: object): Promise<boolean> {
  say(status, '')
  try {
    showState(await ask<PageState>(path, body))
    return true
  } catch (error) {
    say(status, messageOf(error))
    return false
  }
}

async function busy(
  change: DeploymentChange,
  button: HTMLElement,
  text: string,
  work: () => Promise<void>,
): Promise<void> {
  if (!(button instanceof HTMLButtonElement)) return
  const before = button.textContent
  button.disabled = true
  button.textContent = text
  say(change, '')
  try {
    await work()
  } catch (error) {
    say(change, messageOf(error))
  } finally {
    button.disabled = false
    button.textContent = before
  }
}

function showState({ behaviour, lost: addresses, next, skipRefresh, onFailure }: PageState): void {
  lost = addresses
  element('repair').toggleAttribute('disabled', lost.length === 0)
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name="behaviour"]')) {
    radio.checked = radio.value === behaviour
  }
  part('text', 'rotation').textContent = `Step ${next.step} of 5. ${next.title}. ${next.explanation}`
  part('text', 'skipRefresh').textContent = skipRefresh
    ? 'skipRefresh is on: a refresh requests no new token, and this page keeps the one it has.'
    : 'skipRefresh is off: each refresh, and each silent sign-in, brings a new token.'
  part('text', 'onFailure').textContent =
    onFailure === 'skip'
      ? 'onFailure is skip: a sign-in without a token succeeds, and this page shows why there is none.'
      : 'onFailure is deny: a sign-in without a token is refused.'
}

function planLine(text: string): HTMLElement {
  const sign = /^\s*([+~-])/.exec(text)?.[1]
  const className = sign === '+' ? 'added' : sign === '-' ? 'removed' : sign === '~' ? 'changed' : ''
  return make('div', className, text === '' ? ' ' : text)
}

function part(kind: 'plan' | 'deploy' | 'output' | 'text', change: DeploymentChange): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-${kind}="${change}"]`)
  if (!found) throw new Error(`The page has no ${kind} for ${change}.`)
  return found
}
