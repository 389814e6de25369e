import type { Settings } from '../actions/backendless-login/settings.ts'

/** The settings of a new environment with one application. */
export const SETTINGS: Settings = {
  serverUrl: 'https://api.backendless.com',
  clients: ['shop'],
  connections: [],
  trustedConnections: [],
  passwords: [{ id: '1', perUser: true }],
  identity: 'email',
  identityColumn: 'email',
  unverified: 'deny',
  onFailure: 'deny',
  skipRefresh: false,
  profile: {},
  ownerColumn: '',
  syncProfile: false,
  memory: true,
  claim: 'https://api.backendless.com/userToken',
  budgetMs: 8000,
}
