import * as pulumi from '@pulumi/pulumi'
import { BackendlessLogin } from 'backendless-login'

const config = new pulumi.Config()
const clients = config.require('clients')
const login = new BackendlessLogin('shop', {
  appId: config.require('appId'),
  apiKey: config.requireSecret('apiKey'),
  // `pulumi new` asks for a line; Pulumi.<stack>.yaml may contain a list.
  clients: clients.startsWith('[') ? JSON.parse(clients) : clients.split(/[\s,]+/),
})
export const { actionId, passwords } = login
