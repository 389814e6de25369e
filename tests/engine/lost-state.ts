// A lost state, and the first steps of docs/state.md.
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from './engine.ts'
import { succeeded } from './stack.ts'
import type { Workspace } from './workspace.ts'

export function loseState({ folder }: Workspace): void {
  const state = join(folder, 'state')
  rmSync(state, { recursive: true })
  mkdirSync(state)
}

/** Creates the stack `dev` again and imports the Action and its binding, with the commands of the document. */
export async function importWhatExists(workspace: Workspace, actionId: string): Promise<void> {
  const text = readFileSync(join(PROJECT_ROOT, 'docs/state.md'), 'utf8')
  const [, resources = ''] = text.match(/```json\n([\s\S]*?)```/) ?? []
  const [, command = ''] = text.match(/npx pulumi (import .*)$/m) ?? []
  workspace.write('import.json', resources.replaceAll('<action id>', actionId))
  succeeded(await workspace.pulumi(['stack', 'init', '--no-select', 'dev']))
  const { output } = succeeded(await workspace.pulumi([...command.split(' '), '--yes', '--skip-preview']))
  assert.match(output, /= 3 imported/)
}
