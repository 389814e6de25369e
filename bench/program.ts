// The time that the program adds to a run of `pulumi`, against the least that any program takes.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineProblem } from '../tests/engine/engine.ts'
import { succeeded } from '../tests/engine/stack.ts'
import { Workspace } from '../tests/engine/workspace.ts'
import { alternate, type Measurement, row } from './measure.ts'

const LOAD_ROUNDS = 12
const PREVIEW_ROUNDS = 5

/** Under mocks, each time in a new process: modules, configuration, bundle, resources. */
export async function program(): Promise<Measurement[]> {
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

/** Complete programs against which a preview is measured. */
const PROGRAMS = {
  empty: 'export {}\n',
  sdk: "import '@pulumi/pulumi'\n",
  // As many resources as ours, without a configuration.
  resources: `
import { Action } from '@pulumi/auth0/action.js'
import { TriggerAction } from '@pulumi/auth0/triggerAction.js'
import * as pulumi from '@pulumi/pulumi'
import { RandomPassword } from '@pulumi/random/randomPassword.js'
const parent = new pulumi.ComponentResource('bench:index:Empty', 'bench')
const { result } = new RandomPassword('bench', { length: 64 }, { parent })
const { id } = new Action('bench', {
  name: 'bench',
  runtime: 'node22',
  deploy: true,
  code: 'exports.onExecutePostLogin = async () => {}',
  supportedTriggers: { id: 'post-login', version: 'v3' },
  secrets: [{ name: 'PASSWORD', value: result }],
}, { parent })
new TriggerAction('bench', { trigger: 'post-login', actionId: id }, { parent })
`,
}

/** With the real engine: a preview of a new stack, against previews of programs that do less. */
export async function previewTime(): Promise<Measurement[]> {
  const problem = await engineProblem()
  if (problem !== undefined) {
    console.error(`not measured, because there is no Pulumi engine: ${problem}`)
    return []
  }
  const workspaces: Workspace[] = []
  const previewOf = async (program?: string) => {
    const workspace = await Workspace.open()
    workspaces.push(workspace)
    if (program !== undefined) {
      rmSync(join(workspace.folder, 'index.ts'))
      workspace.write('index.ts', program)
    }
    const stack = await workspace.stack('bench')
    return async () => succeeded(await stack.preview()).milliseconds
  }
  try {
    const full = await previewOf()
    await full()
    const [ours, empty, sdk, resources] = await alternate(
      [
        full,
        await previewOf(PROGRAMS.empty),
        await previewOf(PROGRAMS.sdk),
        await previewOf(PROGRAMS.resources),
      ],
      PREVIEW_ROUNDS,
    )
    const unit = 'ms'
    return [
      row(
        {
          name: 'preview/empty',
          what: 'pulumi preview / of an empty program',
          unit,
          goal: { atMost: 1.3 },
        },
        ours,
        empty,
      ),
      row({ name: 'preview/sdk', what: 'the same / of one that imports Pulumi', unit }, ours, sdk),
      row({ name: 'preview/resources', what: 'the same / of as many bare resources', unit }, ours, resources),
    ]
  } finally {
    for (const workspace of workspaces) await workspace.close()
  }
}
