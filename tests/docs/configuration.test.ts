// Compares Pulumi.yaml, the README's table and docs/configuration.md with the schema.
import assert from 'node:assert/strict'
import { parse } from 'yaml'
import { z } from 'zod'
import { checkConfig, NAMESPACE } from '../../provisioning/config.ts'
import { configSchema } from '../../provisioning/config-schema.ts'
import { blocksOf, read, tableBelow } from './documents.ts'

const PAGE = 'docs/configuration.md'

/** The schema of a key, as JSON Schema. */
type Key = z.core.JSONSchema.BaseSchema

const KEYS = new Map(
  Object.entries(z.toJSONSchema(configSchema, { io: 'input' }).properties ?? {}).flatMap(([key, schema]) =>
    typeof schema === 'object' ? [[key, schema] as const] : [],
  ),
)

interface DeclaredKey {
  readonly type: string
  readonly secret?: boolean
  readonly default?: unknown
}
const DECLARED: Readonly<Record<string, DeclaredKey>> = parse(read('Pulumi.yaml')).config

const nameOf = (text = '') => text.replaceAll('`', '')

/** Key → the description of its type and default in a table or page: `boolean, \`false\``. */
const README = new Map(
  tableBelow(read('README.md'), '## Configuration').map(([key, cell = '']) => [nameOf(key), cell]),
)
const SECTIONS = new Map(
  read(PAGE)
    .split(/^## /m)
    .slice(1)
    .map((section) => [nameOf(section.split('\n')[0]), section]),
)

/** Returns the value as written in YAML. */
function written(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '""' : value
  return JSON.stringify(value)
    .replaceAll(/\{"(\w+)":/g, '{ $1: ')
    .replaceAll('"}', '" }')
}

function typeOf(key: string, schema: Key): string {
  if (schema.enum) return schema.enum.map((choice) => `\`${choice}\``).join(' | ')
  if (schema.type === 'integer') return `integer ${schema.minimum}–${schema.maximum}`
  if (schema.type === 'array') return 'list( of [a-z ]+)?'
  if (schema.type === 'object') return 'map [a-z →]+'
  return key === 'apiKey' ? 'secret string' : `${schema.type}`
}

function assertDescribes(description: string | undefined, key: string, schema: Key): void {
  const [, type, fallback] = /^(.*), (.*)$/.exec(description ?? '') ?? []
  assert.match(type ?? '', new RegExp(`^${typeOf(key, schema).replaceAll('|', '\\|')}$`))
  assert.equal(fallback, 'default' in schema ? `\`${written(schema.default)}\`` : 'required')
}

describe('the descriptions of the configuration', () => {
  it('have the keys of the schema, in its order', () => {
    const keys = [...KEYS.keys()]
    assert.deepEqual(
      Object.keys(DECLARED),
      keys.map((key) => `${NAMESPACE}:${key}`),
    )
    assert.deepEqual([...README.keys()], keys)
    assert.deepEqual([...SECTIONS.keys()], keys)
  })

  for (const [key, schema] of KEYS) {
    it(`agree with the schema about ${key}`, () => {
      const { type, secret = false, default: fallback } = DECLARED[`${NAMESPACE}:${key}`] ?? {}
      assert.deepEqual([type, secret, fallback], [schema.type, key === 'apiKey', schema.default])
      assertDescribes(README.get(key), key, schema)
      assertDescribes(SECTIONS.get(key)?.split('\n')[2], key, schema)
    })

    it(`have an example of ${key} that the program accepts`, () => {
      const [example] = blocksOf(SECTIONS.get(key) ?? '').filter(({ language }) => language === 'yaml')
      if (key === 'apiKey') return assert.equal(example, undefined)
      const set: Record<string, unknown> = parse(example?.text ?? '')
      assert.ok(Object.hasOwn(set, `${NAMESPACE}:${key}`))
      const required = { appId: 'an-application', apiKey: 'an-api-key', clients: '["shop"]' }
      const given = Object.entries(set).map(([name, value]) => [
        name.replace(`${NAMESPACE}:`, ''),
        typeof value === 'string' ? value : JSON.stringify(value),
      ])
      const checked = checkConfig({ ...required, ...Object.fromEntries(given) }, new Set(['apiKey']))
      assert.deepEqual('findings' in checked && checked.findings, false)
    })
  }

  it('keep the README’s cells to a phrase', () => {
    for (const [key = '', , meaning = ''] of tableBelow(read('README.md'), '## Configuration')) {
      assert.ok(meaning.split(' ').length <= 27, `${nameOf(key)}: ${meaning}`)
    }
  })
})
