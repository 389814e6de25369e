import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'

/** A certificate for this machine, and its file. A Go program trusts it if SSL_CERT_FILE names the file. */
export interface Certificate {
  readonly certificate: string
  readonly privateKey: string
  readonly file: string
  /** The temporary folder that contains the file. */
  readonly folder: string
  remove(): Promise<void>
}

/** Makes a certificate for localhost and 127.0.0.1 that is valid for a day, in a fresh temporary folder. */
export async function makeCertificate(): Promise<Certificate> {
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000)
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - 60 * 60 * 1000),
    notAfterDate: tomorrow,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  const folder = await mkdtemp(join(tmpdir(), 'local-auth0-'))
  const file = join(folder, 'certificate.pem')
  await writeFile(file, pems.cert)
  return {
    certificate: pems.cert,
    privateKey: pems.private,
    file,
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
