// The provider signs its request for a token, instead of sending a client secret.
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import type { EndedPulumi } from './engine.ts'
import { refused, succeeded } from './stack.ts'
import { actionNamed } from './tenant.ts'
import { useWorkspace } from './workspace.ts'

const pair = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })

describe('pulumi, with a private key for the tenant', function () {
  this.timeout(120_000)
  const ours = pair()
  const workspace = useWorkspace({ clientPublicKey: ours.publicKey })

  function pulumi(privateKey: string, ...parameters: string[]): Promise<EndedPulumi> {
    const [, someLine = ''] = privateKey.split('\n')
    workspace().secrets.add(someLine)
    const environment = {
      AUTH0_API_TOKEN: '',
      AUTH0_CLIENT_ID: workspace().auth0.client.id,
      AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: privateKey,
      AUTH0_CLIENT_ASSERTION_SIGNING_ALG: 'RS512',
    }
    return workspace().pulumi([...parameters, '--stack', 'keys'], { environment })
  }

  it('deploys with the key that the tenant knows', async () => {
    const stack = await workspace().stack('keys')
    succeeded(await pulumi(ours.privateKey, 'up', '--yes', '--skip-preview'))
    assert.ok(actionNamed(workspace().auth0, stack.actionName).deployed)
  })

  it('is refused with another key at a refresh, and not in a plain preview, which asks the tenant nothing', async () => {
    const { privateKey } = pair()
    succeeded(await pulumi(privateKey, 'preview'))
    assert.match(refused(await pulumi(privateKey, 'preview', '--refresh')).output, /access_denied|401/)
  })

  it('shows no secret in any file or output', () => {
    assert.deepEqual(workspace().leaks(), [])
  })
})
