import assert from 'node:assert/strict'
import { alternate, isMet, median, percentile, ratio, row } from '../../bench/measure.ts'

describe('the numbers of the bench', () => {
  it('takes the middle sample as the median, or the mean of the two middle ones', () => {
    assert.equal(median([9, 1, 5]), 5)
    assert.equal(median([9, 1, 5, 6]), 5.5)
    assert.equal(median([10, 9]), 9.5)
    assert.throws(() => median([]), /no samples/)
  })

  it('takes the smallest sample that 99 % do not exceed as the p99, in the order of numbers', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index)
    assert.equal(percentile(samples, 99), 198)
    assert.equal(percentile([100, 20, 3], 99), 100)
    assert.equal(percentile([100, 20, 3], 50), 20)
    assert.throws(() => percentile([], 99), /no samples/)
  })

  it('divides the medians, so that one slow sample moves the p99 and not the ratio', () => {
    const line = row({ name: 'a/b', what: '', unit: 'ms' }, [10, 10, 500], [20, 20, 20])
    assert.equal(line.ratio, 0.5)
    assert.equal(line.ours.p99, 500)
    assert.deepEqual(row({ name: 'a/b', what: '', unit: '' }, 3, 2).ours, { median: 3 })
  })

  it('calls a change from zero to zero unchanged, and from zero to anything else not', () => {
    assert.equal(ratio(0, 0), 1)
    assert.equal(isMet({ ratio: ratio(1, 0), goal: { atMost: 1 } }), false)
  })

  it('meets a goal at its limit, on either side, and says nothing without a goal', () => {
    assert.equal(isMet({ ratio: 1.05, goal: { atMost: 1.05 } }), true)
    assert.equal(isMet({ ratio: 1.06, goal: { atMost: 1.05 } }), false)
    assert.equal(isMet({ ratio: 0.9, goal: { atLeast: 0.9 } }), true)
    assert.equal(isMet({ ratio: 0.89, goal: { atLeast: 0.9 } }), false)
    assert.equal(isMet({ ratio: 5 }), undefined)
  })

  it('runs the contestants one after another, in the opposite order every second round', async () => {
    const order: string[] = []
    const contestant = (name: string, milliseconds: number) => async () => {
      order.push(`${name} begins`)
      await new Promise((resolve) => setImmediate(resolve))
      order.push(`${name} ends`)
      return milliseconds
    }
    const [a, b] = await alternate([contestant('a', 1), contestant('b', 2)], 3)
    assert.deepEqual(
      [a, b],
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
    )
    assert.deepEqual(
      order.filter((step) => step.endsWith('ends')).map((step) => step[0]),
      ['a', 'b', 'b', 'a', 'a', 'b'],
    )
    assert.ok(order.every((step, index) => index % 2 === 0 || step.startsWith(order[index - 1]?.[0] ?? '?')))
  })
})
