// `npm run bench [-- --only known,cold] [--json file]`: every measure, each in a process of its own, one after another.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Certificate, makeCertificate } from '@backendless-login/local-auth0'
import type { Measurement } from './measure.ts'
import type { MeasureOrder } from './process.ts'
import { warnings } from './regression.ts'
import { measurementTable } from './table.ts'

const MEASURES = ['known', 'first', 'owned', 'cold', 'load', 'faults', 'program', 'preview']
const COMMITTED = new URL('results.json', import.meta.url)

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
const chosen = values.only?.split(',') ?? MEASURES
const unknown = chosen.filter((name) => !MEASURES.includes(name))
if (unknown.length > 0) {
  console.error(`There is no measure ${unknown.join(', ')}; there are ${MEASURES.join(', ')}.`)
  process.exit(2)
}

const certificate = await makeCertificate()
const rows: Measurement[] = []
try {
  for (const name of chosen) {
    process.stderr.write(`${name} … `)
    const began = performance.now()
    rows.push(...(await measure(name, certificate)))
    process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1)} s\n`)
  }
} finally {
  await certificate.remove()
}
console.log(`\n${measurementTable(rows)}`)
for (const warning of warnings(rows, committed())) console.log(`warning: ${warning}`)
if (values.json) writeFileSync(values.json, `${JSON.stringify({ rows }, null, 2)}\n`)

async function measure(name: string, { certificate, privateKey, file }: Certificate): Promise<Measurement[]> {
  const child = fork(fileURLToPath(new URL('process.ts', import.meta.url)), {
    execArgv: ['--no-warnings', '--expose-gc'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: file },
    // JSON cannot represent infinity.
    serialization: 'advanced',
  })
  const order: MeasureOrder = { measure: name, identity: { certificate, privateKey } }
  child.send(order)
  const ended = once(child, 'exit')
  const rows = await Promise.race([once(child, 'message').then(([message]) => message), ended])
  if (typeof rows[0] !== 'object') throw new Error(`The measure ${name} ended without a result.`)
  await ended
  return rows
}

function committed(): readonly Measurement[] {
  try {
    return JSON.parse(readFileSync(COMMITTED, 'utf8')).rows
  } catch {
    return []
  }
}
