import assert from 'node:assert/strict'
import { type Goal, type Measurement, row } from '../../bench/measure.ts'
import { warnings } from '../../bench/regression.ts'
import { measurementTable } from '../../bench/table.ts'

const line = (ratio: number, goal?: Goal): Measurement =>
  row({ name: 'known/bare', what: 'known user', unit: 'ms', ...(goal ? { goal } : {}) }, ratio * 100, 100)

describe('the regression check of the bench', () => {
  it('reports nothing within 15 %, on both sides', () => {
    assert.deepEqual(warnings([line(1.14)], [line(1)]), [])
    assert.deepEqual(warnings([line(0.86)], [line(1)]), [])
  })

  it('warns of a worse ratio, in the direction of its goal', () => {
    assert.deepEqual(warnings([line(1.2)], [line(1)]), ['known/bare: worse by 20 %, 1.000 before, 1.200 now'])
    assert.match(warnings([line(0.7, { atLeast: 0.5 })], [line(1, { atLeast: 0.5 })]).join(), /worse by 30 %/)
  })

  it('also says if a goal is missed', () => {
    assert.match(warnings([line(1.2, { atMost: 1.05 })], [line(1)]).join(), /and misses its goal$/)
  })

  it('warns of a better ratio, so that the committed results are updated', () => {
    assert.match(warnings([line(0.5)], [line(1)]).join(), /better by 50 %/)
  })

  it('compares by name, and reports a measure without a committed result', () => {
    const other = { ...line(9), name: 'first/bare' }
    assert.deepEqual(warnings([line(1)], [other, line(1)]), [])
    assert.match(warnings([line(1)], [other]).join(), /known\/bare: not in the committed results/)
  })
})

describe('the table of the bench', () => {
  it('shows both medians, the ratio, the goal and the verdict of each measure', () => {
    const text = measurementTable([line(1.2, { atMost: 1.05 }), line(0.5, { atMost: 1.05 }), line(0.5)])
    const rows = text.split('\n').slice(1)
    assert.match(rows[0] ?? '', /^known user +120 +100 +ms +1\.200 +≤ 1\.05 +MISSED$/)
    assert.match(rows[1] ?? '', /0\.500 +≤ 1\.05 +met$/)
    assert.match(rows[2] ?? '', /0\.500$/)
  })
})
