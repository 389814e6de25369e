import assert from 'node:assert/strict'
import { problemsOf } from '../../provisioning/deployed-passwords.ts'

const deployed = (...ids: string[]) => ids.map((id) => ({ id, perUser: true }))
const planned = (...ids: string[]) => ids.map((id) => ({ id, perUser: true, retired: false }))
const retired = (...ids: string[]) => ids.map((id) => ({ id, perUser: true, retired: true }))

describe('problemsOf, planned passwords against the deployed ones', () => {
  const STEPS = [
    planned('1'),
    planned('1', '2'),
    planned('2', '1'),
    [...planned('2'), ...retired('1')],
    planned('2'),
  ]

  it('finds none at any step of a rotation', () => {
    for (const [index, after] of STEPS.slice(1).entries()) {
      const before = STEPS[index]?.filter((entry) => !entry.retired) ?? []
      assert.deepEqual(problemsOf(before, after), [])
    }
  })

  it('finds none in any step back up to the retirement', () => {
    for (const [index, after] of STEPS.slice(0, 3).entries()) {
      const before = STEPS[index + 1]?.filter((entry) => !entry.retired) ?? []
      // Step 1 is reverted by retiring the entry that it added.
      assert.deepEqual(problemsOf(before, index === 0 ? [...after, ...retired('2')] : after), [])
    }
  })

  it('refuses to retire the entry on top, wherever it stands now, and says what to do in which order', () => {
    for (const plan of [
      [...planned('2'), ...retired('1')],
      [...retired('1'), ...planned('2')],
    ]) {
      assert.deepEqual(problemsOf(deployed('1', '2'), plan), [
        '1 is on top in what is deployed, so its users cannot have been moved. Put 2 on top and leave 1 in use, `up`, `npm run passwords`, then retire 1.',
      ])
    }
    assert.equal(problemsOf(deployed('1'), [...planned('2'), ...retired('1')]).length, 1)
  })

  it('refuses a removed or renamed entry that is in use, and says to put it back', () => {
    const [renamed, ...none] = problemsOf(deployed('1'), planned('first'))
    assert.match(renamed ?? '', /^1 is on top .* its entry is gone: put the entry back\. Put first on top /)
    assert.deepEqual(none, [])
    const [removed] = problemsOf(deployed('1', '2'), planned('1'))
    assert.match(removed ?? '', /^2 is in use .* put the entry back\. .*`retired: true`/)
  })

  it('refuses another form of a password that is in use', () => {
    const [flipped] = problemsOf(deployed('1'), [{ id: '1', perUser: false, retired: false }])
    assert.match(flipped ?? '', /^1 is deployed with perUser: true, and now has perUser: false/)
  })

  it('names every problem', () => {
    assert.equal(problemsOf(deployed('1', '2'), planned('4')).length, 2)
  })

  it('says which to leave out where an entry is to be put back and three others are in use', () => {
    const leaveOut = (count: number, ids: string) =>
      `At most 3 passwords can be in use: leave out ${count} of those that are not deployed yet (${ids}) until an older one is retired.`
    const [gone, ...more] = problemsOf(deployed('3', '2', '1'), planned('4', '3', '2'))
    assert.match(gone ?? '', /^1 is in use .* put the entry back/)
    assert.deepEqual(more, [leaveOut(1, '4')])
    const retiredAtOnce = problemsOf(deployed('1'), [...planned('4', '3', '2'), ...retired('1')])
    assert.deepEqual(retiredAtOnce.slice(1), [leaveOut(1, '4, 3, 2')])
    assert.equal(problemsOf(deployed('3', '2', '1'), planned('3', '2')).length, 1)
  })
})
