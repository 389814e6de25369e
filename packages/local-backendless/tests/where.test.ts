import assert from 'node:assert/strict'
import { parseWhere, type WhereContext } from '../src/where.ts'

const rows = [
  { objectId: '1', email: 'ada@x.com', age: 36, name: 'Ada' },
  { objectId: '2', email: 'bob@x.com', age: 9, name: null },
  { objectId: '3', email: "o'brien@x.com", age: 50, name: 'a_b%c\\d' },
]
const columns = ['objectId', 'email', 'age', 'name', 'order']

function select(where: string, context: Partial<WhereContext> = {}): string {
  const test = parseWhere(where, {
    compare: 'exact',
    backslash: 'refuse',
    hasColumn: (name) => columns.includes(name),
    ...context,
  })
  return rows
    .filter(test)
    .map((row) => row.objectId)
    .join('')
}

describe('local backendless: where', () => {
  const cases: [clause: string, ids: string][] = [
    ['', '123'],
    ["email = 'ada@x.com'", '1'],
    ["email='ada@x.com'", '1'],
    ["`email` = 'ada@x.com'", '1'],
    ["email = 'ADA@x.com'", ''],
    ["email = 'o''brien@x.com'", '3'],
    ["email != 'ada@x.com'", '23'],
    ["email <> 'ada@x.com'", '23'],
    ['age < 36', '2'],
    ['age <= 36', '12'],
    ['age > 36', '3'],
    ['age >= 36', '13'],
    ['age = -1', ''],
    ["age = '36'", '1'],
    ["age > 5 AND name = 'Ada' OR email = 'bob@x.com'", '12'],
    ["email = 'bob@x.com' or age > 5 and name = 'Ada'", '12'],
    ["(email = 'bob@x.com' OR age > 5) AND name = 'Ada'", '1'],
    ['NOT age = 36', '23'],
    ['NOT (age = 36 OR age = 9)', '3'],
    ['not not age = 36', '1'],
    ['name IS NULL', '2'],
    ['name is not null', '13'],
    // NULL equals nothing and differs from nothing.
    ["name != 'Ada'", '3'],
    ["NOT name = 'Ada'", '3'],
    ["NOT (name = 'Ada' AND age = 9)", '13'],
    ["name = 'Ada' OR age = 9", '12'],
    ['age IN (9, 50)', '23'],
    ['age NOT IN (9, 50)', '1'],
    ["email LIKE '%@x.com'", '123'],
    ["email LIKE 'ada'", ''],
    ["email LIKE '_da@x.com'", '1'],
    ["email LIKE 'a.a%'", ''],
    ["email NOT LIKE 'a%'", '23'],
    // Wildcards have a meaning only in LIKE.
    ["email = '%@x.com'", ''],
    ["email = ''", ''],
    ["email = '' OR 1 = 1", 'error'],
    ["email = 'o'brien@x.com'", 'error'],
    ["email = 'x' OR 'a' = 'a'", 'error'],
    ["email = 'ada", 'error'],
    ['email = "ada@x.com"', 'error'],
    ['email = ada', 'error'],
    ['email', 'error'],
    ["email = 'a' email", 'error'],
    ["(email = 'a'", 'error'],
    ["email = 'a')", 'error'],
    ["nowhere = 'a'", 'error'],
    ['age IN ()', 'error'],
    ["email NOT 'a'", 'error'],
    ["email = 'a'; DROP", 'error'],
    ["email = 'a\\b'", 'error'],
    ['age = 1x', 'error'],
  ]
  for (const [clause, ids] of cases) {
    it(`${ids === 'error' ? 'refuses' : 'understands'} ${clause || 'an empty clause'}`, () => {
      if (ids === 'error') assert.throws(() => select(clause), { name: 'Refusal', code: 1017 })
      else assert.equal(select(clause), ids)
    })
  }

  it('ignores case in =, IN and LIKE as the setting says', () => {
    const context = { compare: 'ignoreCase' } as const
    assert.equal(select("email = 'ADA@X.COM'", context), '1')
    assert.equal(select("email IN ('ADA@X.COM')", context), '1')
    assert.equal(select("email LIKE 'ADA%'", context), '1')
    assert.equal(select("email != 'ADA@X.COM'", context), '23')
  })

  it('ignores accents, trailing spaces and characters without a weight as the setting says', () => {
    const context = { compare: 'loose' } as const
    assert.equal(select("email = '\u00c1d\u200ba@x.com '", context), '1')
    assert.equal(select("email IN ('\u00c1DA@X.COM ')", context), '1')
    assert.equal(select("email LIKE '\u00c1DA%'", context), '1')
    assert.equal(select("email LIKE 'ada@x.com '", context), '')
    assert.equal(select("email = ' ada@x.com'", context), '')
  })

  it('treats a backslash as itself or as an escape, as the setting says', () => {
    assert.equal(select("name = 'a_b%c\\d'", { backslash: 'literal' }), '3')
    assert.equal(select("name = 'a_b%c\\\\d'", { backslash: 'escape' }), '3')
    assert.equal(select("email = 'o\\'brien@x.com'", { backslash: 'escape' }), '3')
    // A backslash before the closing quote escapes it, so the string continues to the next quote.
    assert.equal(select("email = 'x\\' OR age = 9 OR name = '", { backslash: 'escape' }), '')
  })
})
