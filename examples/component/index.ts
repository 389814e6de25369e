import * as pulumi from '@pulumi/pulumi'
import { BackendlessLogin, completeSettings } from 'backendless-login'

const config = new pulumi.Config()
const login = new BackendlessLogin('shop', {
  actionName: 'Backendless login (shop)',
  appId: config.require('appId'),
  apiKey: config.requireSecret('apiKey'),
  passwords: [{ id: '1', perUser: true, retired: false }],
  settings: completeSettings({ clients: config.requireObject<string[]>('clients') }),
})
export const { actionId, passwords } = login
