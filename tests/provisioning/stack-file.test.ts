import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasPlainValue } from '../../provisioning/stack-file.ts'

describe('hasPlainValue, the file of a stack', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stack-file-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const isFound = (...lines: string[]) => {
    writeFileSync(join(folder, 'Pulumi.dev.yaml'), ['config:', ...lines].join('\n'))
    return hasPlainValue(folder, 'team/shop/dev', 'app:passwords')
  }

  it('finds a value in plain text beside an encrypted one', () => {
    assert.ok(
      isFound('  app:passwords:', '    - { id: a, value: { secure: v1 } }', '    - { id: b, value: plain }'),
    )
    assert.ok(isFound('  app:passwords:', '    - id: a', '      value: 12345678901234567890'))
  })

  it('finds none where every value is encrypted, the whole list is, or there is none', () => {
    assert.ok(
      !isFound('  app:passwords:', '    - id: a', '      value:', '        secure: v1', '    - id: b'),
    )
    assert.ok(!isFound('  app:passwords:', '    secure: v1'))
    assert.ok(!isFound('  app:clients: [shop]'))
  })

  it('finds none where the configuration comes from somewhere else', () => {
    assert.ok(!hasPlainValue(folder, 'other', 'app:passwords'))
  })
})
