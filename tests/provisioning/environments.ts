// The configurations of the golden files. All values are invented.
import type { Environment } from './recorded-resources.ts'

const apiKey = 'E5D1B0C6-83F2-4A9D-B647-7C29A5E41B38'
const appId = '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647'

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
    config: { appId: '1F60B7D9-52CE-4A81-8D3B-0E9A64C7F215', clients: ['shop'], budgetMs: 6000 },
    secrets: { apiKey },
  },
}
