import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plainValues } from '../../provisioning/stack-file.ts'

describe('plainValues, the file of a stack', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'stack-file-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  const found = (...lines: string[]) => {
    writeFileSync(join(folder, 'Pulumi.dev.yaml'), ['config:', ...lines].join('\n'))
    return plainValues({ folder, stack: 'team/shop/dev' }, 'app:passwords')
  }

  it('finds a value in plain text beside an encrypted one', () => {
    const beside = ['    - { id: a, value: { secure: v1 } }', '    - { id: b, value: plain }']
    assert.deepEqual(found('  app:passwords:', ...beside), [1])
    assert.deepEqual(found('  app:passwords:', '    - id: a', '      value: 12345678901234567890'), [0])
  })

  it('finds none where every value is encrypted, the whole list is, or there is none', () => {
    const encrypted = ['    - id: a', '      value:', '        secure: v1', '    - id: b']
    assert.deepEqual(found('  app:passwords:', ...encrypted), [])
    assert.deepEqual(found('  app:passwords:', '    secure: v1'), [])
    assert.deepEqual(found('  app:clients: [shop]'), [])
  })

  it('finds none where the configuration comes from somewhere else', () => {
    assert.deepEqual(plainValues({ folder, stack: 'other' }, 'app:passwords'), [])
  })
})
