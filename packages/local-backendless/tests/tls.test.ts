import assert from 'node:assert/strict'
import { get } from 'node:https'
import { generate } from 'selfsigned'
import { service, stopServices } from './service.ts'

describe('local backendless: https', () => {
  afterEach(stopServices)

  it('serves with the given key and certificate', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
    const app = await service({ tls: { key, cert } })
    assert.match(app.url, /^https:/)
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        get(`${app.url}/api/info`, { ca: cert, checkServerIdentity: () => undefined }, (response) => {
          response.resume()
          resolve(response.statusCode)
        }).on('error', reject)
      })
    assert.equal(await ask(), 200)
    app.faults.add({ route: '*', fault: { kind: 'reset' } })
    await assert.rejects(ask(), { code: 'ECONNRESET' })
  })
})
