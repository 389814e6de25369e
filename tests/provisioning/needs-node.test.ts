// A Node that cannot run the program is told so, in place of a syntax error.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PROJECT_ROOT } from '../engine/engine.ts'

const { nodeargs } = parse(readFileSync(join(PROJECT_ROOT, 'Pulumi.yaml'), 'utf8')).runtime.options

/** Runs this Node, which says with the flag that it strips no types, as an older one does. */
function run(...parameters: string[]) {
  return spawnSync(process.execPath, parameters, { encoding: 'utf8', env: {}, cwd: PROJECT_ROOT })
}

describe('a Node that is too old', () => {
  const older = '--no-experimental-strip-types'

  for (const [title, check] of [
    ['of `pulumi`', [nodeargs, '-e', '']],
    ['of an npm script', ['demo/needs-node.js']],
  ] as const) {
    it(`ends with a sentence that says what to do, in the process ${title}`, () => {
      const { status, stderr } = run(older, ...check)
      assert.equal(status, 1)
      assert.match(stderr, /^Backendless login needs Node 22\.18 or newer, and this is v[\d.]+\. [^\n]+\n$/)
      assert.deepEqual([run(...check).status, run(...check).stderr], [0, ''])
    })
  }
})
