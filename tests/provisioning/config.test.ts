import assert from 'node:assert/strict'
import { type Checked, checkConfig } from '../../provisioning/config.ts'

const MARKER = 'marker-of-a-secret-value'
const GOOD = {
  appId: '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647',
  apiKey: 'E5D1B0C6-83F2-4A9D-B647-7C29A5E41B38',
  clients: '["shop"]',
}

function check(changes: Record<string, string | undefined> = {}, secrets = ['apiKey']): Checked {
  const raw = Object.entries({ ...GOOD, ...changes }).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, value]],
  )
  return checkConfig(Object.fromEntries(raw), new Set(secrets))
}

function findings(changes: Record<string, string | undefined>, secrets?: string[]): string[] {
  const checked = check(changes, secrets)
  return 'findings' in checked ? checked.findings.map(({ path, problem }) => `${path} ${problem}`) : []
}

const BAD: readonly [string, string | undefined, RegExp][] = [
  ['appId', undefined, /^appId is missing$/],
  ['apiKey', undefined, /^apiKey is missing$/],
  ['clients', undefined, /^clients is missing$/],
  ['appId', '00000000-0000-0000-0000-000000000000', /^appId is the placeholder of the sample file/],
  ['appId', '11111111-1111-1111-1111-111111111111', /^appId is the placeholder of the sample file/],
  ['clients', '["shop","YourWebShopsClientId"]', /^clients\[1\] is the placeholder of the sample file/],
  ['appId', 'a b', /^appId must be an application id/],
  ['apiKey', 'a/b', /^apiKey must be an API key/],
  ['serverUrl', 'backendless', /^serverUrl is not a URL$/],
  ['serverUrl', 'ftp://example.com', /^serverUrl must begin with https/],
  ['serverUrl', 'http://api.backendless.com', /^serverUrl must begin with https/],
  ['serverUrl', 'http://127.0.0.1.example.com', /^serverUrl must begin with https/],
  ['serverUrl', 'https://user:pass@example.com', /^serverUrl must not hold a user name/],
  ['serverUrl', 'https://example.com/?a=1', /^serverUrl must end with its path/],
  ['serverUrl', 'https://example.com/?', /^serverUrl must end with its path/],
  ['serverUrl', 'https://example.com/#', /^serverUrl must end with its path/],
  ['serverUrl', ' https://example.com', /^serverUrl is not a URL/],
  ['serverUrl', 'https:example.com', /^serverUrl must begin with https/],
  ['clients', 'shop', /^clients cannot be read/],
  ['clients', '"shop"', /^clients must be a list/],
  ['clients', '[]', /^clients must name at least one/],
  ['clients', '["shop","shop"]', /^clients must not name a client id twice/],
  ['clients', '["*","shop"]', /^clients must not name client ids beside \*/],
  ['clients', '[" "]', /^clients\[0\] must not be empty/],
  ['clients', '[7]', /^clients\[0\] must be a client id/],
  ['connections', '["a","a"]', /^connections must not name a connection twice/],
  ['connections', '["*"]', /^connections must not name \*: leave the list empty/],
  ['trustedConnections', '["a","a"]', /^trustedConnections must not name a connection twice/],
  ['trustedConnections', '["*"]', /^trustedConnections must not name \*: name each/],
  ['trustedConnections', '"partner"', /^trustedConnections must be a list/],
  ['connections', '{}', /^connections must be a list/],
  ['passwords', '[]', /^passwords must have an entry/],
  ['passwords', '[{"id":"4"},{"id":"3"},{"id":"2"},{"id":"1"}]', /^passwords must have at most 3 entries/],
  ['passwords', '[{"id":"1"},{"id":"1"}]', /^passwords must not have an id twice/],
  ['passwords', '[{"id":"2","retired":true},{"id":"1"}]', /^passwords must not begin with a retired entry/],
  ['passwords', '[{"id":1}]', /^passwords\[0\]\.id must be a string in quotation marks/],
  ['passwords', '[{"id":"A_1"}]', /^passwords\[0\]\.id must be 1 to 20 of/],
  ['passwords', '[{"id":"1","peruser":true}]', /^passwords\[0\]\.peruser is not a known key/],
  ['passwords', '[{"id":"1","perUser":"no"}]', /^passwords\[0\]\.perUser must be true or false/],
  ['identity', 'name', /^identity must be one of email, user_id$/],
  ['identity', 'user_id', /^identityColumn must be set with identity user_id/],
  ['identityColumn', 'a b', /^identityColumn must be the name of a column/],
  ['identityColumn', 'Password', /^identityColumn must not be a column that Backendless keeps/],
  ['identityColumn', 'password', /^identityColumn must not be a column that Backendless keeps/],
  ['unverified', 'allow', /^unverified must be one of deny, skip, accept$/],
  ['onFailure', 'accept', /^onFailure must be one of deny, skip$/],
  ['skipRefresh', '"yes"', /^skipRefresh must be true or false/],
  ['profile', '{"password":"name"}', /^profile\.password must not be a column that Backendless keeps/],
  ['profile', '{"Email":"email"}', /^profile must not name email/],
  ['profile', '{"ObjectId":"name"}', /^profile\.ObjectId must not be a column/],
  ['profile', '{"email":"email"}', /^profile must not name email/],
  ['profile', '{"name":7}', /^profile\.name must be the name of a user attribute/],
  ['profile', '[]', /^profile must map columns/],
  ['ownerColumn', 'a b', /^ownerColumn must be the name of a column/],
  ['ownerColumn', 'Password', /^ownerColumn must not be a column that Backendless keeps/],
  ['ownerColumn', 'ownerId', /^ownerColumn must not be a column that Backendless keeps/],
  ['ownerColumn', 'Email', /^ownerColumn must not be the identity column/],
  ['syncProfile', '"no"', /^syncProfile must be true or false/],
  ['memory', '0', /^memory must be true or false/],
  ['claim', 'userToken', /^claim must be an http\(s\) URL/],
  ['claim', ' https://example.com/t', /^claim must be an http/],
  ['claim', 'https://example.auth0.com./t', /^claim must not be on auth0/],
  ['claim', 'https://example.com:8443', /^claim must have a path: the claim with `Problem` at the end/],
  ['claim', 'urn:auth0:token', /^claim must be an http\(s\) URL/],
  ['claim', 'https://example.auth0.com/token', /^claim must not be on auth0\.com/],
  ['claim', 'https://webtask.run/token', /^claim must not be on webtask\.run/],
  ['budgetMs', '999', /^budgetMs must be 1000 or more/],
  ['budgetMs', '15001', /^budgetMs must be 15000 or less/],
  ['budgetMs', '1500.5', /^budgetMs must be a whole number/],
  ['budgetMs', '"fast"', /^budgetMs must be a whole number/],
  ['actionName', ' ', /^actionName must not be empty/],
  ['onfailure', 'deny', /^onfailure is not a known key\. Did you mean `onFailure`\?$/],
  ['__proto__', '{}', /^__proto__ is not a known key; docs/],
  ['profile', '{"__proto__":"name"}', /^profile must not have the name __proto__ in it/],
  ['passwords', '[{"id":"1","__proto__":{"retired":true}}]', /^passwords must not have the name __proto__/],
  ['identityColumn', '__proto__', /^identityColumn must be the name of a column/],
  ['passwords', '[{"id":"2"},{"id":"1","value":"   "}]', /^passwords\[1\]\.value must not be empty/],
  ['clients', '["a\\u0000b"]', /^clients\[0\] must not have control characters/],
  ['actionName', 'a\tb', /^actionName must not have control characters/],
  ['claim', 'https://example.auth0.com../t', /^claim must not be on auth0/],
]

describe('checkConfig', () => {
  for (const [key, value, expected] of BAD) {
    it(`refuses ${key} ${value === undefined ? 'left out' : value}`, () => {
      const [finding, ...more] = findings({ [key]: value })
      assert.match(finding ?? 'no finding', expected)
      assert.deepEqual(more, [])
    })
  }

  for (const address of [
    'http://localhost:8080/api',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://example.com/a/b/',
  ]) {
    it(`takes ${address}, without a slash at its end`, () => {
      const checked = check({ serverUrl: address })
      assert.equal('config' in checked && checked.config.serverUrl, address.replace(/\/$/, ''))
    })
  }

  it('refuses a password in plain text, and takes it as a secret', () => {
    const passwords = JSON.stringify([{ id: 'rule', value: MARKER }])
    assert.match(findings({ passwords })[0] ?? '', /^passwords\[0\]\.value stands in plain text$/)
    assert.deepEqual(findings({ passwords }, ['apiKey', 'passwords']), [])
  })

  it('refuses an API key in plain text', () => {
    assert.match(findings({}, [])[0] ?? '', /^apiKey stands in plain text$/)
  })

  it('refuses a password that is too short, without showing it', () => {
    const [finding = ''] = findings({ passwords: '[{"id":"rule","value":"marker"}]' }, [
      'apiKey',
      'passwords',
    ])
    assert.match(finding, /^passwords\[0\]\.value has less than 16 characters, too few .*: put a new entry/)
    assert.ok(!finding.includes('marker'))
  })

  it('accepts three entries in use and any number of retired ones, and a short one among the older', () => {
    const passwords = [
      ...['4', '3'].map((id) => ({ id })),
      { id: '2', value: 'short' },
      ...['1', '0'].map((id) => ({ id, retired: true })),
    ]
    assert.deepEqual(findings({ passwords: JSON.stringify(passwords) }, ['apiKey', 'passwords']), [])
  })

  it('refuses an owner column that a profile fills, or beside a user id', () => {
    const profile = '{"AUTH0OWNER":"name"}'
    assert.deepEqual(findings({ ownerColumn: 'auth0Owner', profile }), [
      'ownerColumn must not be a column of profile',
    ])
    assert.deepEqual(findings({ ownerColumn: 'auth0Owner', identity: 'user_id', identityColumn: 'id' }), [
      'ownerColumn must not be set with identity user_id: the user id is the identity already',
    ])
  })

  it('reports contradictions beside values that are invalid by themselves', () => {
    const passwords = JSON.stringify([{ id: 'rule', value: MARKER }])
    const all = findings({ onFailure: 'x', identity: 'user_id', passwords })
    assert.deepEqual(all.map((finding) => finding.split(' ')[0]).toSorted(), [
      'identityColumn',
      'onFailure',
      'passwords[0].value',
    ])
    assert.ok(!all.join().includes(MARKER))
  })

  for (const [meant, keys] of Object.entries({
    clients: ['client', 'Clients', 'clinets'],
    appId: ['appid', 'app_id', 'appID'],
    budgetMs: ['budgetMS', 'budget'],
    trustedConnections: ['trustedConnection', 'trusted_connections'],
    syncProfile: ['syncProfiles'],
  })) {
    for (const key of keys) {
      it(`answers ${key} with ${meant}`, () => {
        assert.deepEqual(findings({ [key]: '1' }), [`${key} is not a known key. Did you mean \`${meant}\`?`])
      })
    }
  }

  it('has the problems of a whole list beside those of its entries', () => {
    const five = [
      { id: '1', retired: true },
      { id: '1' },
      { id: 'B' },
      { id: '2', colour: 1 },
      null,
      { id: '3' },
    ]
    assert.deepEqual(
      findings({ passwords: JSON.stringify(five) }).map((finding) => finding.split(/[:;]/)[0]),
      [
        'passwords[2].id must be 1 to 20 of a-z, 0-9 and -',
        'passwords[3].colour is not a known key',
        'passwords[4] must be an entry { id, value?, perUser?, retired? } and nothing else',
        'passwords must not have an id twice',
        'passwords must have at most 3 entries that are not retired',
        'passwords must not begin with a retired entry',
      ],
    )
  })

  it('answers an unknown key without a similar one with the page that has all of them', () => {
    assert.deepEqual(findings({ colour: 'red' }), [
      'colour is not a known key; docs/configuration.md lists all of them',
    ])
  })

  for (const [changes, example] of [
    [{ appId: undefined }, 'set appId <application id>'],
    [{ onfailure: 'skip' }, 'set onFailure deny'],
    [{ client: '["shop"]' }, 'rm client'],
    [{ clients: '["shop","till","shop"]' }, "rm --path 'clients[2]'"],
    [{ clients: '["shop","*"]' }, "rm --path 'clients[1]'"],
    [{ connections: '["a","a"]' }, "rm --path 'connections[1]'"],
    [{ ownerColumn: 'auth0Owner', profile: '{"auth0owner":"name"}' }, 'rm --path profile.auth0owner'],
    [{ colour: 'red' }, 'rm colour'],
    [{ clients: '["shop"," "]' }, "set --path 'clients[1]' <client id of your application>"],
    [{ connections: '["*"]' }, 'rm connections'],
    [{ passwords: '[{"id":"2"},{"id":1}]' }, "set --path 'passwords[1].id' --type string 1"],
    [{ passwords: '[{"id":"1","perUser":"no"}]' }, "rm --path 'passwords[0].perUser'"],
    [{ passwords: '[{"id":"2"},{"id":"1","value":""}]' }, "set --secret --path 'passwords[1].value'"],
    [
      { passwords: '[{"id":"4"},{"id":"3"},{"id":"2"},{"id":"1"},{"id":"0","retired":true}]' },
      "set --path 'passwords[3].retired' true",
    ],
    [{ passwords: '[{"id":"1","retired":true}]' }, "set --path 'passwords[0].retired' false"],
    [{ profile: '{"password":"name"}' }, 'rm --path profile.password'],
    [{ profile: '{"Email":"email"}' }, 'rm --path profile.Email'],
    [{ profile: '{"name":7}' }, 'set --path profile.name name'],
    [{ ownerColumn: 'auth0Owner', identity: 'user_id', identityColumn: 'auth0Id' }, 'rm ownerColumn'],
  ] as const) {
    it(`shows how to correct ${JSON.stringify(changes)}`, () => {
      const checked = check(changes)
      const examples = 'findings' in checked ? checked.findings.map((finding) => finding.example) : []
      assert.deepEqual(examples, [`npx pulumi config ${example}`])
    })
  }

  it('names an unknown key inside an entry of passwords', () => {
    const passwords = [{ id: '1' }, { id: '2', retird: true, note: 'x', 'per\nperson': 1 }]
    const known = 'is not a known key: the keys of an entry are id, value, perUser and retired'
    assert.deepEqual(findings({ passwords: JSON.stringify(passwords) }), [
      'passwords[1].retird is not a known key. Did you mean `retired`?',
      `passwords[1].note ${known}`,
      `passwords[1]["per\\nperson"] ${known}`,
    ])
  })

  it('reports a password in plain text beside what else is wrong with the list', () => {
    const passwords = JSON.stringify([
      { id: 'A_1', value: MARKER },
      { id: '1', Retired: true },
    ])
    assert.deepEqual(findings({ passwords }), [
      'passwords[0].id must be 1 to 20 of a-z, 0-9 and -',
      'passwords[1].Retired is not a known key. Did you mean `retired`?',
      'passwords[0].value stands in plain text',
    ])
  })

  it('reports everything at once', () => {
    const all = findings({ appId: undefined, clients: '[', budgetMs: '1', foo: 'x' })
    assert.deepEqual(all.map((finding) => finding.split(' ')[0]).toSorted(), [
      'appId',
      'budgetMs',
      'clients',
      'foo',
    ])
  })
})
