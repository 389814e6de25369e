// Each example that a finding about `passwords` shows, applied as it is printed.
import assert from 'node:assert/strict'
import { delimiter, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { checkStack, NAMESPACE } from '../../provisioning/config.ts'
import type { ConfigProblem } from '../../provisioning/findings.ts'
import { PROJECT_ROOT, runProcess } from './engine.ts'
import { type Stack, succeeded } from './stack.ts'
import { useWorkspace } from './workspace.ts'

const KEY = `${NAMESPACE}:passwords`
const GOOD = {
  appId: '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647',
  apiKey: 'E5D1B0C6-83F2-4A9D-B647',
  clients: '["shop"]',
}
const VALUE = 'a made-up value, long enough'
const [ONE, TWO, THREE] = ['1', '2', '3'].map((id) => ({ id }))

/** As the stack's file has it. `{ secret }` is encrypted there. */
const CASES: readonly (readonly [what: string, passwords: unknown])[] = [
  ['an empty list', []],
  ['four in use', [{ id: '4' }, THREE, TWO, ONE, { id: '0', retired: true }]],
  ['an id twice', [{ id: '2027-01' }, TWO, { id: '2027-01' }]],
  ['a retired entry on top', [{ id: '2', retired: true }, ONE]],
  ['a number as an id', [ONE, { id: 2 }]],
  ['a number whose text is taken', [TWO, ONE, { id: 2 }]],
  ['an id with other characters', [ONE, { id: 'A_1' }, TWO]],
  ['an entry without an id', [ONE, {}]],
  ['a perUser that is no boolean', [TWO, { id: '1', perUser: 'no' }]],
  ['a retired that is no boolean', [TWO, { id: '1', retired: 'yes' }]],
  ['an empty value', [TWO, { id: '1', value: '' }]],
  ['a number as a value', [TWO, { id: '1', value: 12345 }]],
  [
    'a value that is too long',
    [TWO, { id: '1', value: 'x'.repeat(4097) }, { id: 'rule', value: { secret: VALUE } }],
  ],
  [
    'a value in plain text',
    [
      { id: '2', value: { secret: VALUE } },
      { id: '1', value: VALUE },
    ],
  ],
  ['a short value on top', [{ id: 'rule', value: { secret: 'short' } }, ONE]],
  ['an unknown key', [TWO, { id: '1', retird: true }]],
  ['an unknown key with a space', [TWO, { id: '1', 'per user': true }]],
  ['an unknown key with a line break', [TWO, { id: '1', 'per\nuser': true }]],
  ['a key named __proto__', JSON.parse('[{ "id": "2" }, { "id": "1", "__proto__": { "retired": true } }]')],
  ['an entry that is a string', [TWO, '1']],
  ['an entry that is nothing', [TWO, null, ONE]],
  ['one entry without a list', { id: '1' }],
  ['a text', 'none'],
  ['JSON in a text', '[{ "id": "2", "retired": true }, { "id": "1" }]'],
]

describe('npx pulumi config, as an example says', function () {
  this.timeout(60_000)
  const workspace = useWorkspace()
  let stack: Stack

  before(async () => {
    stack = await workspace().stack('dev')
  })

  /** What is wrong, with the encrypted values as they were before they were encrypted. */
  function findings(secrets: ReadonlyMap<string, string>): readonly ConfigProblem[] {
    const passwords = written()
    const opened: unknown = JSON.parse(JSON.stringify(passwords) ?? 'null', (_, part) =>
      isEncrypted(part) ? (secrets.get(part.secure) ?? VALUE) : part,
    )
    const raw = { ...GOOD, passwords: typeof passwords === 'string' ? passwords : JSON.stringify(opened) }
    const isSecret = JSON.stringify(passwords).includes('"secure":')
    const keys = new Set(isSecret ? ['apiKey', 'passwords'] : ['apiKey'])
    const checked = checkStack(raw, keys, { folder: workspace().folder, stack: 'dev' })
    return 'findings' in checked ? checked.findings : []
  }

  const file = () => parse(workspace().file('Pulumi.dev.yaml'))
  const written = (): unknown => file().config[KEY]

  function write(passwords: unknown): void {
    const { config, ...rest } = file()
    workspace().write('Pulumi.dev.yaml', stringify({ ...rest, config: { ...config, [KEY]: passwords } }))
  }

  /** Writes the list, with the encrypted values in plain text. */
  async function configure(passwords: unknown): Promise<ReadonlyMap<string, string>> {
    write(passwords)
    const secrets = new Map<string, string>()
    for (const [index, entry] of Array.isArray(passwords) ? passwords.entries() : []) {
      const secret = entry?.value?.secret
      if (secret === undefined) continue
      write(entriesIn(written()).map((each, at) => (at === index ? { id: entry.id } : each)))
      await stack.setSecret(`passwords[${index}].value`, secret)
      secrets.set(file().config[KEY][index].value.secure, secret)
    }
    return secrets
  }

  async function apply({ path, example }: ConfigProblem, before: unknown): Promise<void> {
    const entries = entriesIn(before)
    if (example.startsWith('npx pulumi config ')) {
      const PATH = `${join(PROJECT_ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`
      const command = `${example.replace(/^npx /, '')} --stack dev --non-interactive`
      const environment = { ...process.env, ...workspace().environment, PATH }
      const options = { cwd: workspace().folder, environment, input: `${VALUE}\n`, title: example }
      succeeded(await runProcess('sh', ['-c', command], options))
    } else if (example === 'remove it from the file of the stack') {
      const index = Number(path.match(/\[(\d+)\]/)?.[1])
      write(entries.map((entry, at) => (at === index ? { id: Reflect.get(Object(entry), 'id') } : entry)))
    } else if (example === 'write passwords as a list into Pulumi.dev.yaml, and correct it there') {
      assert.ok(!Array.isArray(before))
      write([ONE])
    } else {
      const [, id] = example.match(/^write { id: "(.+)" } above the first entry/) ?? []
      assert.ok(id, example)
      write([{ id }, ...entries])
    }
  }

  for (const [what, passwords] of CASES) {
    it(`mends ${what}, and changes no other entry`, async () => {
      const secrets = await configure(passwords)
      const text = workspace().file('Pulumi.dev.yaml')
      const before = written()
      const found = findings(secrets)
      assert.ok(found.length > 0)
      for (const finding of found) {
        workspace().write('Pulumi.dev.yaml', text)
        await apply(finding, before)
        const left = findings(secrets).map(({ path, problem }) => `${path} ${problem}`)
        assert.ok(!left.includes(`${finding.path} ${finding.problem}`), `${finding.example}\n${left}`)
        if (found.length === 1) assert.deepEqual(left, [])
        if (Array.isArray(before))
          assert.deepEqual(othersIn(finding, entriesIn(written())), othersIn(finding, before, true))
      }
    })
  }
})

/** All entries but the one that the example changes, or adds on top. */
function othersIn({ path, example }: ConfigProblem, entries: readonly unknown[], before = false): unknown[] {
  if (example.includes('above the first entry')) return before ? [...entries] : entries.slice(1)
  const index = Number((example.match(/passwords\[(\d+)\]/) ?? path.match(/passwords\[(\d+)\]/))?.[1])
  const isRemoved = /rm --path 'passwords\[\d+\]'$/.test(example)
  return entries.filter((_, at) => (isRemoved && !before) || at !== index)
}

function entriesIn(passwords: unknown): readonly unknown[] {
  return Array.isArray(passwords) ? passwords : []
}

function isEncrypted(part: unknown): part is { readonly secure: string } {
  return typeof part === 'object' && part !== null && 'secure' in part
}
