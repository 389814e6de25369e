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

  it('finds it however Pulumi lets the key and the file be written', () => {
    const list = '[{ id: a, value: { secure: v1 } }, { id: b, value: plain }]'
    for (const key of ['passwords', 'app:config:passwords', '"app:passwords"', '? app:passwords\n  ']) {
      assert.deepEqual(found(`  ${key}: ${list}`), [1], key)
    }
    assert.deepEqual(found('  other:passwords: [{ id: a, value: plain }]'), [])
    assert.deepEqual(found('  app:x: &x { value: plain }', '  app:passwords: [{ <<: *x, id: a }]'), [0])
    assert.deepEqual(found(`  app:passwords: ${list}`, '---', 'another: document'), [1])
  })

  it('shows no value of a file with a tag that is not known', () => {
    const warned: unknown[] = []
    const { emitWarning } = process
    process.emitWarning = (...values: unknown[]) => void warned.push(...values)
    try {
      assert.deepEqual(found('  app:passwords: [{ id: a, value: !own plain }]'), [0])
    } finally {
      process.emitWarning = emitWarning
    }
    assert.deepEqual(warned, [])
  })

  it('finds none where the configuration comes from somewhere else', () => {
    assert.deepEqual(plainValues({ folder, stack: 'other' }, 'app:passwords'), [])
  })
})
