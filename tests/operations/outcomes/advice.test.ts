import assert from 'node:assert/strict'
import { KEPT_CODES, SENTENCES } from '../../../actions/backendless-login/outcomes.ts'
import { ADVICE } from '../../../operations/outcomes/advice.ts'
import { read, tableBelow } from '../../docs/documents.ts'

describe('the advice of npm run outcomes', () => {
  it('is that of docs/outcomes.md, for every code that is counted', () => {
    const page = read('docs/outcomes.md')
    const documented = Object.fromEntries(
      [...tableBelow(page, '## No failure'), ...tableBelow(page, '## Failures')].map((cells) => [
        cells[0]?.replaceAll('`', ''),
        cells.at(-1),
      ]),
    )
    const codes = [...new Set([...Object.keys(SENTENCES), ...KEPT_CODES])].toSorted()
    assert.deepEqual(Object.keys(ADVICE).toSorted(), codes)
    for (const [code, advice] of Object.entries(ADVICE)) assert.equal(advice, documented[code], code)
  })
})
