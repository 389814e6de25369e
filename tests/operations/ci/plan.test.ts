import assert from 'node:assert/strict'
import { leapsIn, lossesIn, readPlan } from '../../../operations/ci/plan.ts'
import { Problem } from '../../../operations/problem.ts'

const COMPONENT = 'urn:pulumi:dev::backendless-login::backendless-login:index:BackendlessLogin'
const password = (id: string, op: string) => ({
  op,
  urn: `${COMPONENT}$random:index/randomPassword:RandomPassword::backendless-login-password-${id}`,
})
const code = (ids: readonly string[]) =>
  `// Backendless login\nconst SETTINGS = ${JSON.stringify({ passwords: ids.map((id) => ({ id, perUser: true })) }, null, 2)};\n"use strict";`
const action = (op: string, before: readonly string[], after = before) => ({
  op,
  urn: `${COMPONENT}$auth0:index/action:Action::backendless-login`,
  oldState: { inputs: { code: code(before) } },
  newState: { inputs: { code: code(after) } },
})
const plan = (...steps: readonly object[]) => readPlan(JSON.stringify({ steps, changeSummary: {} }))

describe('lossesIn, a plan of Pulumi', () => {
  it('lets a retired password be deleted', () => {
    assert.deepEqual(lossesIn(plan(action('same', ['2']), password('1', 'delete'))), [])
  })

  it('finds a password that is deleted while the deployed Action knows it', () => {
    const [loss, ...more] = lossesIn(plan(action('update', ['2', '1'], ['2']), password('1', 'delete')))
    assert.match(loss ?? '', /^backendless-login-password-1 would be deleted, and is in use/)
    assert.deepEqual(more, [])
  })

  it('treats a password as in use unless an Action shows otherwise', () => {
    assert.equal(lossesIn(plan(password('1', 'delete'))).length, 1)
  })

  it('reads each password against the Action of its own component', () => {
    const other = {
      op: 'same',
      urn: `${COMPONENT}$auth0:index/action:Action::partners`,
      oldState: { inputs: { code: code([]) } },
    }
    assert.equal(lossesIn(plan(other, action('same', ['1']), password('1', 'delete'))).length, 1)
  })

  for (const op of ['replace', 'create-replacement', 'delete-replaced']) {
    it(`finds a ${op} of any password, also of a retired one`, () => {
      const [loss] = lossesIn(plan(action('same', ['2']), password('1', op)))
      assert.match(loss ?? '', /password-1 would be replaced/)
    })
  }

  it('names a password once, however many steps its replacement takes', () => {
    const steps = ['create-replacement', 'replace', 'delete-replaced', 'delete'].map((op) =>
      password('1', op),
    )
    assert.equal(lossesIn(plan(...steps)).length, 1)
  })

  it('finds nothing in steps that create, update or keep a password', () => {
    const steps = ['create', 'update', 'same'].map((op) => password('1', op))
    assert.deepEqual(lossesIn(plan(action('same', ['1']), ...steps)), [])
  })

  it('refuses output that is not a plan', () => {
    for (const text of ['', 'error: no stack', '[]', '{"steps":[{}]}']) {
      assert.throws(() => readPlan(text), Problem)
    }
  })
})

describe('leapsIn, a plan of Pulumi', () => {
  it('names a password that becomes current without having been known', () => {
    assert.match(leapsIn(plan(action('update', ['1'], ['2', '1'])))[0] ?? '', /^Password 2 becomes current/)
  })

  it('finds nothing at every step of a rotation', () => {
    const steps = [['1'], ['1', '2'], ['2', '1'], ['2']]
    for (const [index, after] of steps.slice(1).entries()) {
      assert.deepEqual(leapsIn(plan(action('update', steps[index] ?? [], after))), [])
    }
  })
})
