import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { type Ended, run } from './command.ts'

describe('npm run local', () => {
  let ended: Ended

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

  it('says what a port is', async () => {
    const { code, stderr } = await run('demo/local-services.ts', ['--auth0-port', 'https'])
    assert.equal(code, 2)
    assert.equal(stderr, '--auth0-port takes a number from 1 to 65535.\n')
  })
})
