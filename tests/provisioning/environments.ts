// The configurations whose resources stand as golden files. Every value is made up.
import type { Environment } from './record.ts'

const apiKey = '11111111-1111-1111-1111-111111111111'
const appId = '00000000-0000-0000-0000-000000000000'

export const ENVIRONMENTS: Readonly<Record<string, Environment>> = {
  defaults: { stack: 'dev', config: { appId, clients: ['shop'] }, secrets: { apiKey } },
  everything: {
    stack: 'everything',
    config: {
      appId,
      serverUrl: 'https://backendless.example.com/api/',
      clients: ['shop', 'admin'],
      connections: ['Username-Password-Authentication', 'partner'],
      trustedConnections: ['partner'],
      identity: 'user_id',
      identityColumn: 'auth0Id',
      unverified: 'skip',
      onFailure: 'skip',
      skipRefresh: true,
      profile: { email: 'email', name: 'name' },
      syncProfile: true,
      memory: false,
      claim: 'https://example.com/backendless',
      budgetMs: 5000,
      actionName: 'Backendless login (everything)',
    },
    secrets: {
      apiKey,
      passwords: [
        { id: '2027' },
        { id: 'rule', value: 'made-up-password-of-the-rule' },
        { id: 'leaked', retired: true },
      ],
    },
  },
  'two-environments-staging': {
    stack: 'staging',
    config: {
      appId,
      clients: ['shop-staging'],
      onFailure: 'skip',
      ownerColumn: 'auth0Owner',
      actionName: 'Backendless login (staging)',
    },
    secrets: { apiKey },
  },
  'two-environments-prod': {
    stack: 'prod',
    config: { appId: '22222222-2222-2222-2222-222222222222', clients: ['shop'], budgetMs: 6000 },
    secrets: { apiKey },
  },
}
