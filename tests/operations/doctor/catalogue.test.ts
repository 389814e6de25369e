import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS } from '../../../operations/doctor/checks.ts'
import { doctorExitCode } from '../../../operations/doctor/report.ts'
import { PROJECT_ROOT } from '../../engine/engine.ts'

const MAIN = join(PROJECT_ROOT, 'operations/doctor/main.ts')

describe('npm run doctor, its catalogue and its command line', () => {
  it('has every check in docs/doctor.md, in the words of the code', () => {
    const text = readFileSync(join(PROJECT_ROOT, 'docs/doctor.md'), 'utf8')
    const rows = (title: string) =>
      (text.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '')
        .split('\n')
        .filter((line) => line.startsWith('| '))
        .slice(1)
    for (const [title, when] of [
      ['Before a deployment', 'before'],
      ['After a deployment', 'after'],
    ] as const) {
      const expected = Object.entries(CHECKS)
        .filter(([, check]) => check.when === when)
        .map(([name, { looksAt, toDo }]) => `| ${name} | ${looksAt} | ${toDo} |`)
      assert.deepEqual(rows(title), expected)
    }
  })

  it('ends with 1 where a check failed, and with 0 for warnings and what was not checked', () => {
    const finding = (result: 'warning' | 'not checked' | 'failed') => ({
      name: 'code' as const,
      result,
      finding: '',
    })
    assert.equal(doctorExitCode([finding('warning'), finding('not checked')]), 0)
    assert.equal(doctorExitCode([finding('warning'), finding('failed')]), 1)
  })

  it('ends with 2 for a command line that is not valid, and with 0 for help', () => {
    for (const args of [
      [],
      ['--stack', '-x y'],
      ['--stack', 'dev', '--fix'],
      ['--stack', 'dev', '--sign-in'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', env: {} })
      assert.equal(status, 2, stderr)
      assert.match(stderr, /^[^\n]+\n$/)
    }
    const help = spawnSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8', env: {} })
    assert.equal(help.status, 0)
    assert.match(help.stdout, /--try-user/)
  })
})
