// When sign-ins end at once, and when requests are sent again.
import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import type { Fault, LocalBackendless } from '@backendless-login/local-backendless'
import { CircuitBreaker, OPEN_MS } from '../../actions/backendless-login/circuit.ts'
import { ADA, backendless, closeAll, firstSignIn, LOGIN, passwordOf, signIn } from './sign-in.ts'

const DOWN: Fault = { kind: 'answer', status: 500 }

describe('the circuit breaker', () => {
  afterEach(closeAll)

  let now = 0
  const breaker = () => new CircuitBreaker(() => now)

  async function app(): Promise<LocalBackendless> {
    const started = await backendless()
    started.addUser({ email: ADA, password: passwordOf(started, ADA) })
    return started
  }

  async function afterTwoFailures(fault: Fault = DOWN) {
    const target = await app()
    const circuit = breaker()
    const remove = target.faults.add({ route: LOGIN, fault })
    const codes = []
    for (let round = 0; round < 2; round += 1) codes.push((await signIn({ app: target, circuit })).code)
    return { target, circuit, remove, codes }
  }

  it('opens after two failures in a row: then a sign-in ends at once, without a request', async () => {
    const { target, circuit, remove, codes } = await afterTwoFailures()
    remove()
    assert.deepEqual(codes, ['unavailable', 'unavailable'])
    for (const event of [{}, firstSignIn()]) {
      const { requests, code, lines } = await signIn({ app: target, circuit, event })
      assert.deepEqual([requests, code], [[], 'unavailable'])
      assert.match(lines[0] ?? '', /outcome=deny code=unavailable ref=\S+ requests=0 ms=\d+ circuit=open$/)
    }
  })

  it('lets one sign-in through after a while, and all of them once it was answered', async () => {
    const { target, circuit, remove } = await afterTwoFailures()
    remove()
    now += OPEN_MS
    target.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'delay', ms: 100 } })
    const [probe, other] = await Promise.all([
      signIn({ app: target, circuit }),
      signIn({ app: target, circuit }),
    ])
    assert.deepEqual([probe.code, other.code], ['ok', 'unavailable'])
    assert.equal((await signIn({ app: target, circuit })).code, 'ok')
  })

  it('stays open for as long again when the probe fails', async () => {
    const { target, circuit, remove } = await afterTwoFailures()
    now += OPEN_MS
    assert.deepEqual((await signIn({ app: target, circuit })).requests, [LOGIN])
    remove()
    now += OPEN_MS - 1
    assert.deepEqual((await signIn({ app: target, circuit })).requests, [])
    now += 1
    assert.equal((await signIn({ app: target, circuit })).code, 'ok')
  })

  for (const [what, fault] of [
    ['silence', { kind: 'hang' }],
    ['504', { kind: 'answer', status: 504 }],
  ] as const) {
    it(`opens after ${what}`, async () => {
      const target = await app()
      const circuit = breaker()
      target.faults.add({ route: '*', fault })
      await Promise.all([1, 2].map(() => signIn({ app: target, circuit, settings: { budgetMs: 1000 } })))
      assert.deepEqual((await signIn({ app: target, circuit })).requests, [])
    })
  }

  it('opens when connections are refused', async () => {
    const target = await app()
    const circuit = breaker()
    await target.close()
    for (let round = 0; round < 2; round += 1) await signIn({ app: target, circuit })
    assert.match((await signIn({ app: target, circuit })).lines[0] ?? '', / requests=0 .* circuit=open$/)
  })

  for (const [what, fault] of [
    ['a code of Backendless', { kind: 'code', code: 3003, status: 500 }],
    ['a code that nobody knows', { kind: 'code', code: 123_456, status: 500 }],
    ['the code of a rate limit', { kind: 'code', code: 999 }],
    ['429', { kind: 'answer', status: 429 }],
    ['an answer that is none', { kind: 'answer', status: 200, body: '<html>' }],
    ['a reset', { kind: 'reset' }],
  ] as const) {
    it(`never opens after ${what}, which a stranger could provoke`, async () => {
      const target = await app()
      const circuit = breaker()
      const remove = target.faults.add({ route: '*', fault })
      for (let round = 0; round < 5; round += 1) await signIn({ app: target, circuit })
      remove()
      assert.equal((await signIn({ app: target, circuit })).code, 'ok')
    })
  }

  it('never opens for one sign-in alone, however often it fails', async () => {
    const circuit = breaker()
    const one = {}
    for (let round = 0; round < 3; round += 1) {
      assert.ok(circuit.admits(one))
      circuit.report(one, 'down')
    }
    assert.ok(circuit.admits({}))
  })

  it('never opens for failures with a success between them', async () => {
    const target = await app()
    const circuit = breaker()
    target.faults.add({ route: LOGIN, nth: 1, fault: DOWN })
    target.faults.add({ route: LOGIN, nth: 3, fault: DOWN })
    const codes = []
    for (let round = 0; round < 4; round += 1) codes.push((await signIn({ app: target, circuit })).code)
    assert.deepEqual(codes, ['unavailable', 'ok', 'unavailable', 'ok'])
  })

  it('does not count a wait that the budget cut short as silence', async () => {
    const target = await app()
    const circuit = breaker()
    const remove = target.faults.add({ route: '*', fault: { kind: 'hang' } })
    await Promise.all([1, 2, 3].map(() => signIn({ app: target, circuit, settings: { budgetMs: 300 } })))
    remove()
    assert.equal((await signIn({ app: target, circuit })).code, 'ok')
  })

  it('is closed by an answer to a request from before, and not kept open by a failure of one', async () => {
    const circuit = breaker()
    const [early, late] = [{}, {}]
    for (const signInOfMany of [{}, {}]) circuit.report(signInOfMany, 'down')
    assert.ok(!circuit.admits(late))
    now += OPEN_MS
    assert.ok(circuit.admits(late))
    circuit.report(early, 'down')
    circuit.report(late, 'up')
    assert.ok(circuit.admits({}))
  })

  it('lets another probe through when the first one never comes back', () => {
    const circuit = breaker()
    for (const signInOfMany of [{}, {}]) circuit.report(signInOfMany, 'down')
    now += OPEN_MS
    assert.ok(circuit.admits({}))
    assert.ok(!circuit.admits({}))
    now += OPEN_MS
    assert.ok(circuit.admits({}))
  })

  it('repeats a probe at once whose kept-alive connection turned out to be closed', async () => {
    const { target, circuit, remove } = await afterTwoFailures()
    remove()
    now += OPEN_MS
    target.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'reset' } })
    const { code, requests } = await signIn({ app: target, circuit })
    assert.deepEqual([code, requests], ['ok', [LOGIN, LOGIN]])
  })

  it('lets another sign-in probe after a probe with an unknown result', () => {
    const circuit = breaker()
    for (const signInOfMany of [{}, {}]) circuit.report(signInOfMany, 'down')
    now += OPEN_MS
    const probe = {}
    assert.ok(circuit.admits(probe))
    circuit.report(probe, 'unknown')
    assert.ok(circuit.admits({}))
    assert.ok(!circuit.admits({}))
  })

  describe('during silence', () => {
    /** Starts ten sign-ins, each of which waits for its answer. The first one is answered first. */
    async function tenThatWait(budgetMsOfTheFirst = 8000) {
      const [target, circuit] = [await app(), breaker()]
      target.faults.add({ route: LOGIN, nth: 1, fault: { kind: 'delay', ms: 600 } })
      target.faults.add({ route: LOGIN, nth: 2, times: 9, fault: { kind: 'delay', ms: 1200 } })
      const first = signIn({ app: target, circuit, settings: { budgetMs: budgetMsOfTheFirst } })
      while (target.requests.length < 1) await setTimeout(5)
      const others = Array.from({ length: 9 }, () => signIn({ app: target, circuit }))
      while (target.requests.length < 10) await setTimeout(5)
      return { target, circuit, first, others }
    }

    it('ends a new sign-in at once, without a request, until one of those that wait is answered', async () => {
      const { target, circuit, first, others } = await tenThatWait()
      now += 500
      const { code, lines, requests } = await signIn({ app: target, circuit })
      assert.deepEqual([code, requests], ['unavailable', []])
      assert.match(lines[0] ?? '', / circuit=open$/)
      assert.equal((await first).code, 'ok')
      assert.equal((await signIn({ app: target, circuit })).code, 'ok')
      for (const other of others) assert.equal((await other).code, 'ok')
    })

    it('ends a new sign-in at once until one of those that wait fails', async () => {
      const { target, circuit, first, others } = await tenThatWait(400)
      now += 500
      assert.equal((await signIn({ app: target, circuit })).code, 'unavailable')
      assert.equal((await first).code, 'timeout')
      assert.equal((await signIn({ app: target, circuit })).code, 'ok')
      await Promise.all(others)
    })

    function waiting(requests: number): CircuitBreaker {
      const circuit = breaker()
      for (let n = 0; n < requests; n += 1) circuit.admits({})
      return circuit
    }

    it('begins with ten requests, not with nine', () => {
      const [nine, ten] = [waiting(9), waiting(10)]
      now += 500
      assert.ok(nine.admits({}))
      assert.ok(!ten.admits({}))
    })

    it('begins when the oldest request has waited for 500 ms, not before', () => {
      const circuit = waiting(9)
      now += 499
      assert.ok(circuit.admits({}))
      assert.ok(circuit.admits({}))
      now += 1
      assert.ok(!circuit.admits({}))
    })

    it('begins 500 ms after the last answer, however long others have waited', () => {
      const circuit = waiting(10)
      const [answered, next] = [{}, {}]
      now += 400
      circuit.admits(answered)
      now += 90
      circuit.report(answered, 'up')
      now += 499
      assert.ok(circuit.admits(next))
      now += 1
      assert.ok(!circuit.admits({}))
    })

    it('ends when those that wait have been forgotten, because no request takes that long', () => {
      const circuit = waiting(10)
      now += 4999
      assert.ok(!circuit.admits({}))
      now += 1
      assert.ok(circuit.admits({}))
    })
  })
})
