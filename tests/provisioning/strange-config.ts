// Raw values of the configuration, as an engine passes them: strings unchanged, everything else as JSON.
import fc from 'fast-check'
import { type ConfigKey, configSchema, isConfigKey } from '../../provisioning/config-schema.ts'

/** Valid and almost valid values, a valid one first. The type requires every key. */
const VALUES: Readonly<Record<ConfigKey, readonly [string, ...string[]]>> = {
  appId: [
    '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647',
    '00000000-0000-0000-0000-000000000000',
    'AAAAAAAA',
    '../../../x',
    'a b c d e f',
    '',
  ],
  apiKey: [
    'E5D1B0C6-83F2-4A9D-B647-7C29A5E41B38',
    'BBBBBBBB',
    'key/with/slash',
    '\u0000\u0000\u0000\u0000\u0000',
  ],
  serverUrl: [
    'https://eu-api.backendless.com',
    'https://example.com/a/b//',
    'http://127.0.0.1:3000',
    'http://127.0.0.1.evil.example',
    'http://localhost@evil.example',
    'https://example.com\\@evil.example',
    'https://exa mple.com',
    'https://example.com?x',
    'HTTPS://example.com',
    'javascript:alert(1)',
    'https://',
    'https:///example.com',
  ],
  clients: [
    '["shop"]',
    '["shop","admin"]',
    '["*"]',
    '["YourWebShopsClientId"]',
    '["*","shop"]',
    '[]',
    '[" shop ","shop"]',
    '["a\\u0000b"]',
    '[null]',
    '{"0":"shop"}',
  ],
  connections: ['[]', '["partner"]', '["*"]', '[""]', '["a","a "]', '["\\ud800"]', '[["partner"]]'],
  trustedConnections: ['[]', '["partner"]', '["*"]', '["partner","partner"]', '"partner"', '[{}]'],
  passwords: [
    '[{"id":"1"}]',
    '[{"id":"2"},{"id":"1","retired":true}]',
    '[{"id":"rule","value":"made-up-password-of-the-rule"}]',
    '[{"id":"rule","value":"                        "}]',
    '[{"id":"rule","value":"\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800"}]',
    '[{"id":"2"},{"id":"rule","value":" "}]',
    '[{"id":"1","__proto__":{"retired":true}}]',
    '[{"id":"__proto__"}]',
    '[{"id":"constructor"}]',
    '[{"id":"a-b"},{"id":"a_b"}]',
    '[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"}]',
    '[{}]',
    '[1]',
  ],
  identity: ['email', 'user_id', 'EMAIL', 'name'],
  identityColumn: ['email', 'auth0Id', 'Email', 'ownerid', '__proto__', 'constructor', 'a-b'],
  unverified: ['deny', 'skip', 'accept', 'Accept', 'true'],
  onFailure: ['deny', 'skip', 'accept'],
  skipRefresh: ['true', 'false', '"true"', '1', 'yes'],
  profile: [
    '{}',
    '{"name":"name"}',
    '{"__proto__":"name"}',
    '{"email":"email"}',
    '{"auth0Id":"user_id"}',
    '{"objectId":"x"}',
    '{"name":{}}',
    '[]',
  ],
  ownerColumn: ['', 'auth0Owner', 'email', 'OwnerId', 'name', '__proto__', 'a b'],
  syncProfile: ['true', 'false', '"true"', '1'],
  memory: ['true', 'false', '"false"', '0', 'null'],
  claim: [
    'https://example.com/token',
    'http://example.com',
    'https://AUTH0.com/x',
    'https://a.auth0.com../x',
    'userToken',
    'https://',
    'https://a b',
  ],
  budgetMs: ['1000', '15000', '8000.5', '1e3', '1e9', '-1', '"8000"', 'NaN'],
  actionName: ['Backendless login', ' x ', '', 'a\u0000b', 'line\nbreak', '\ud800', 'x'.repeat(101)],
}

const KEYS = Object.keys(VALUES).filter(isConfigKey)
const isRequired = (key: ConfigKey) => !configSchema.shape[key].safeParse(undefined).success

const anything: fc.Arbitrary<string> = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    'null',
    'true',
    '[]',
    '{}',
    '"',
    '{',
    '[[[[[[]]]]]]',
    `"${'x'.repeat(5000)}"`,
    '{"__proto__":null}',
  ),
)

function valueFor(key: ConfigKey): fc.Arbitrary<string> {
  const [good, ...others] = VALUES[key]
  return fc.oneof(
    { weight: 24, arbitrary: fc.constant(good) },
    { weight: 4, arbitrary: fc.constantFrom(good, ...others) },
    { weight: 1, arbitrary: anything },
  )
}

const unknownKey = fc.constantFrom(
  '__proto__',
  'constructor',
  'toString',
  'onfailure',
  'hasOwnProperty',
  ' appId',
  '',
)

/** A key with any value. */
export const rawValue: fc.Arbitrary<{ readonly key: string; readonly value: string }> = fc.oneof(
  fc.constantFrom(...KEYS).chain((key) =>
    fc.record({
      key: fc.constant(key),
      value: fc.oneof(fc.constantFrom(...VALUES[key]), anything),
    }),
  ),
  fc.record({ key: unknownKey, value: anything }),
)

/** Most values are valid, because otherwise hardly any configuration would pass. */
export const rawConfig: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .tuple(
    ...KEYS.map((key) => {
      const entry = valueFor(key).map((value) => [key, value] as const)
      return isRequired(key) ? entry : fc.option(entry, { freq: 2, nil: undefined })
    }),
    fc.oneof(
      { weight: 11, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.tuple(unknownKey, anything) },
    ),
  )
  .map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)))
