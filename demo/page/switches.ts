// The switches: how Backendless behaves, and what is deployed.
import type { Change } from '../deployed.ts'
import type { PageState } from '../page-server.ts'
import { ask, element, make, messageOf, say } from './elements.ts'

export function initSwitches(emailOfUser: () => string | undefined): void {
  element('behaviour').addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement) void order('/behaviour', { behaviour: target.value })
  })
  element('change-password').addEventListener('click', async () => {
    const email = emailOfUser()
    if (email !== undefined && (await order('/password', { email }))) {
      say('switches-status', 'Done. Your token still works; sign out and in again, and you are denied.')
    }
  })
  for (const change of ['rotation', 'skipRefresh'] as const) {
    part('plan', change).addEventListener('click', () => void plan(change))
    part('deploy', change).addEventListener('click', () => void deploy(change))
  }
  void ask<PageState>('/state').then(showState)
}

async function plan(change: Change): Promise<void> {
  const button = part('plan', change)
  await busy(button, 'Planning …', async () => {
    const { plan: text } = await ask<{ plan: string }>('/plan', { change })
    const output = part('output', change)
    output.replaceChildren(...text.split('\n').map(planLine))
    output.hidden = false
    part('deploy', change).hidden = false
  })
}

async function deploy(change: Change): Promise<void> {
  await busy(part('deploy', change), 'Deploying …', async () => {
    showState(await ask<PageState>('/deploy', { change }))
    part('output', change).hidden = true
    part('deploy', change).hidden = true
    part('plan', change).focus()
    say('switches-status', 'Done.')
  })
}

/** Says whether it was done. */
async function order(path: string, body: object): Promise<boolean> {
  say('switches-status', '')
  try {
    showState(await ask<PageState>(path, body))
    return true
  } catch (error) {
    say('switches-status', messageOf(error))
    return false
  }
}

async function busy(button: HTMLElement, text: string, work: () => Promise<void>): Promise<void> {
  if (!(button instanceof HTMLButtonElement)) return
  const before = button.textContent
  button.disabled = true
  button.textContent = text
  say('switches-status', '')
  try {
    await work()
  } catch (error) {
    say('switches-status', messageOf(error))
  } finally {
    button.disabled = false
    button.textContent = before
  }
}

function showState({ behaviour, next, skipRefresh }: PageState): void {
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name="behaviour"]')) {
    radio.checked = radio.value === behaviour
  }
  element('rotation-text').textContent = `Step ${next.step} of 5. ${next.title}. ${next.explanation}`
  element('refresh-text').textContent = skipRefresh
    ? 'skipRefresh is on: a refresh asks for no new token, and this page keeps the one it has.'
    : 'skipRefresh is off: each refresh, and each silent sign-in, brings a new token.'
}

function planLine(text: string): HTMLElement {
  const sign = /^\s*([+~-])/.exec(text)?.[1]
  const className = sign === '+' ? 'added' : sign === '-' ? 'removed' : sign === '~' ? 'changed' : ''
  return make('div', className, text === '' ? ' ' : text)
}

function part(kind: 'plan' | 'deploy' | 'output', change: Change): HTMLElement {
  const found = document.querySelector<HTMLElement>(`[data-${kind}="${change}"]`)
  if (!found) throw new Error(`The page has no ${kind} for ${change}.`)
  return found
}
