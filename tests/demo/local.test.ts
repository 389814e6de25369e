import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServices } from '../../demo/services.ts'
import { Tenant } from '../../operations/auth0/tenant.ts'
import { type EndedCommand, run } from './command.ts'

describe('npm run local', () => {
  let ended: EndedCommand

  before(async () => {
    ended = await run('demo/local-services.ts', [], 'Pulumi.local.yaml')
  })

  it('prints how to point pulumi at the services', () => {
    const names = ['AUTH0_DOMAIN', 'AUTH0_API_TOKEN', 'SSL_CERT_FILE', 'PULUMI_BACKEND_URL']
    for (const name of names) assert.match(ended.stdout, new RegExp(`^export ${name}='.+'$`, 'm'))
    for (const key of ['appId', 'serverUrl', 'clients', '--secret apiKey']) {
      assert.match(ended.stdout, new RegExp(`^.*npx pulumi config set .*${key}.*$`, 'm'))
    }
  })

  it('ends on ctrl-c, and leaves no process and no file', () => {
    const { code, stderr, files, processes } = ended
    assert.deepEqual(
      { code, stderr, files, processes },
      { code: 130, stderr: '', files: [], processes: false },
    )
  })

  it('lets a client sign in with a private key, if it has the public one', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    const folder = mkdtempSync(join(tmpdir(), 'local-test-'))
    const file = join(folder, 'auth0.pub')
    try {
      writeFileSync(file, publicKey)
      const { stdout } = await run('demo/local-services.ts', ['--public-key', file], 'Pulumi.local.yaml')
      assert.match(stdout, /^export AUTH0_CLIENT_ID='.+'$/m)
      assert.match(stdout, /^export AUTH0_CLIENT_ASSERTION_PRIVATE_KEY="\$\(cat /m)
      assert.match(stdout, /^unset .*AUTH0_CLIENT_ASSERTION_PRIVATE_KEY/m)
      assert.doesNotMatch(stdout, /AUTH0_API_TOKEN/)
      writeFileSync(file, privateKey)
      const wrong = await run('demo/local-services.ts', ['--public-key', file])
      assert.deepEqual([wrong.code, wrong.stdout], [2, ''])
      assert.equal(wrong.stderr, '--public-key takes a file with an RSA public key as PEM text.\n')
    } finally {
      rmSync(folder, { recursive: true })
    }

    const services = await startServices({}, undefined, publicKey)
    try {
      const { AUTH0_DOMAIN, SSL_CERT_FILE } = services.auth0.environment
      const tenant = new Tenant({
        ...{ AUTH0_DOMAIN, SSL_CERT_FILE, AUTH0_CLIENT_ID: services.auth0.client.id },
        AUTH0_CLIENT_ASSERTION_PRIVATE_KEY: privateKey,
        AUTH0_CLIENT_ASSERTION_SIGNING_ALG: 'RS256',
      })
      assert.deepEqual(await tenant.bindings(), [])
    } finally {
      await services.close()
    }
  })

  it('says which port is in use, and starts nothing', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const address = holder.address()
    const port = String(typeof address === 'object' ? address?.port : '')
    try {
      for (const option of ['--auth0-port', '--backendless-port']) {
        const { code, stdout, stderr, files, processes } = await run('demo/local-services.ts', [option, port])
        assert.equal(
          stderr,
          `Port ${port} is in use. Name another one with ${option}, or none for a free one.\n`,
        )
        assert.deepEqual(
          { code, stdout, files, processes },
          { code: 1, stdout: '', files: [], processes: false },
        )
      }
    } finally {
      holder.close()
    }
  })

  it('refuses an argument that is not a port', async () => {
    const { code, stderr } = await run('demo/local-services.ts', ['--auth0-port', 'https'])
    assert.equal(code, 2)
    assert.equal(stderr, '--auth0-port takes a number from 1 to 65535.\n')
  })
})
