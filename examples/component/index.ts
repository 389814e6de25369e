import * as pulumi from '@pulumi/pulumi'
import { BackendlessLogin } from 'backendless-login'

const config = new pulumi.Config()
const login = new BackendlessLogin('shop', {
  appId: config.require('appId'),
  apiKey: config.requireSecret('apiKey'),
  clients: config.requireObject<string[]>('clients'),
})
export const { actionId, passwords } = login
