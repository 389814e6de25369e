// What the program costs whoever runs `pulumi`: against the least that any program costs.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineProblem } from '../tests/engine/engine.ts'
import { type Stack, succeeded } from '../tests/engine/stack.ts'
import { Workspace } from '../tests/engine/workspace.ts'
import { alternate, type Row, row } from './measure.ts'

const LOAD_ROUNDS = 12
const PREVIEW_ROUNDS = 5

/** Under mocks, in fresh processes: modules, configuration, bundle, resources. */
export async function program(): Promise<Row[]> {
  const load = async (what: 'sdk' | 'program') => {
    const file = fileURLToPath(new URL('program-load.ts', import.meta.url))
    const child = fork(file, [what], { execArgv: ['--no-warnings'] })
    const [milliseconds]: number[] = await once(child, 'message')
    return milliseconds ?? Number.NaN
  }
  await load('program')
  const [ours, sdk] = await alternate([() => load('program'), () => load('sdk')], LOAD_ROUNDS)
  return [
    row(
      {
        name: 'program/sdk',
        what: "the program under mocks / import '@pulumi/pulumi'",
        unit: 'ms',
        goal: { atMost: 1.25 },
      },
      ours,
      sdk,
    ),
  ]
}

/** With the real engine: a preview of a new stack, against that of a program which declares nothing. */
export async function preview(): Promise<Row[]> {
  const problem = await engineProblem()
  if (problem !== undefined) {
    console.error(`not measured, as there is no Pulumi engine: ${problem}`)
    return []
  }
  const workspaces = [await Workspace.open(), await Workspace.open()] as const
  try {
    const [full, empty] = workspaces
    rmSync(join(empty.folder, 'index.ts'))
    empty.write('index.ts', 'export {}\n')
    const [ours, nothing] = await race(await full.stack('bench'), await empty.stack('bench'))
    const what = 'pulumi preview / of an empty program'
    return [row({ name: 'preview/empty', what, unit: 'ms', goal: { atMost: 1.3 } }, ours, nothing)]
  } finally {
    for (const workspace of workspaces) await workspace.close()
  }
}

async function race(full: Stack, empty: Stack): Promise<[number[], number[]]> {
  const previewOf = (stack: Stack) => async () => succeeded(await stack.preview()).milliseconds
  await previewOf(full)()
  return alternate([previewOf(full), previewOf(empty)], PREVIEW_ROUNDS)
}
