// The README's tables against what they describe.
import assert from 'node:assert/strict'
import { parse } from 'yaml'
import { ADMINISTERED, PERSONAL } from '../../actions/backendless-login/address.ts'
import { API_KEY_SECRET, APP_ID_SECRET, passwordSecret } from '../../actions/backendless-login/settings.ts'
import { NAMESPACE } from '../../provisioning/config.ts'
import { configSchema } from '../../provisioning/config-schema.ts'
import { read, tableBelow } from './documents.ts'

interface DeclaredKey {
  readonly type: string
  readonly secret?: boolean
  readonly default?: unknown
}

const DECLARED: Readonly<Record<string, DeclaredKey>> = parse(read('Pulumi.yaml')).config

const nameOf = (cell = '') => cell.replaceAll('`', '')

describe('the README’s table of the configuration', () => {
  const rows = new Map(
    tableBelow(read('README.md'), '## Configuration').map(([key, cell = '']) => [nameOf(key), cell]),
  )

  it('has the keys of the program and of Pulumi.yaml, in their order', () => {
    assert.deepEqual([...rows.keys()], Object.keys(configSchema.shape))
    assert.deepEqual(
      [...rows.keys()].map((key) => `${NAMESPACE}:${key}`),
      Object.keys(DECLARED),
    )
  })

  for (const [key, schema] of Object.entries(configSchema.shape)) {
    it(`says what ${key} is without being set`, () => {
      const fallback = schema.safeParse(undefined)
      const declared = DECLARED[`${NAMESPACE}:${key}`]
      const cell = rows.get(key) ?? ''
      if (fallback.success) {
        assert.equal(cell.match(/`([^`]*)`$/)?.[1], written(fallback.data))
        assert.deepEqual(declared?.default ?? fallback.data, fallback.data)
      } else {
        assert.match(cell, /, required$/)
        assert.equal(declared?.default, undefined)
      }
    })

    it(`says which values ${key} takes`, () => {
      const cell = rows.get(key) ?? ''
      const type = DECLARED[`${NAMESPACE}:${key}`]
      const choices = 'unwrap' in schema ? Reflect.get(schema.unwrap(), 'options') : undefined
      if (Array.isArray(choices)) {
        assert.ok(cell.startsWith(`${choices.map((choice) => `\`${choice}\``).join(' | ')},`), cell)
      } else {
        const words: Record<string, RegExp> = {
          string: type?.secret ? /^secret string/ : /^string/,
          array: /^list/,
          object: /^map/,
          boolean: /^boolean/,
          integer: /^integer/,
        }
        assert.match(cell, words[type?.type ?? ''] ?? /^$/)
      }
    })
  }
})

describe('the README’s table of the secrets', () => {
  it('has the names that the Action reads', () => {
    const names = tableBelow(read('README.md'), '## Secrets').map(([name]) => nameOf(name))
    assert.deepEqual(names, [APP_ID_SECRET, API_KEY_SECRET, 'PASSWORD_<ID>'])
    assert.equal(passwordSecret('2026-11'), 'PASSWORD_2026_11')
    assert.match(read('README.md'), /`PASSWORD_2026_11` for the id `2026-11`/)
  })
})

describe('docs/addresses.md', () => {
  it('has the strategies that the Action knows, and the reason for each that is not believed', () => {
    const page = read('docs/addresses.md')
    const named = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name).toSorted()
    const kinds = tableBelow(page, '## Strategies').map(([, cell]) => named(cell))
    assert.deepEqual(kinds, [[...PERSONAL].toSorted(), [...ADMINISTERED].toSorted()])
    const [, reasons = ''] = page.split('Why the second group is not believed:')
    const explained = [...reasons.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => named(cell))
    assert.deepEqual(explained.toSorted(), [...ADMINISTERED].toSorted())
  })
})

/** As a reader would write it in YAML. */
function written(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  return JSON.stringify(value)
    .replaceAll(/\{"(\w+)":/g, '{ $1: ')
    .replaceAll('"}', '" }')
}
