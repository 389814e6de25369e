// Random histories of rotations: an operator who does what the command says locks nobody out.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { runsOf } from '../runs.ts'
import { startTenant, type TenantWithClock } from './fixture.ts'
import { type Accident, type BulkMove, Operator } from './operator.ts'

type Step =
  | { readonly kind: 'newUser' | 'back' | 'redeploy' }
  | { readonly kind: 'signIn'; readonly user: number; readonly atOnce: number }
  | { readonly kind: 'slowSignIn'; readonly user: number; readonly ms: number }
  | { readonly kind: 'lock' | 'restore'; readonly nth: number }
  | { readonly kind: 'forward' | 'bulkMove'; readonly move: BulkMove }

const accident: fc.Arbitrary<Accident> = fc.record({
  after: fc.integer({ min: 1, max: 40 }),
  what: fc.constantFrom<Accident['what']>(
    'kill',
    'signIn',
    'slowSignIn',
    'restore',
    'restoreAny',
    'backAndForth',
    'redeploy',
    'lock',
  ),
  user: fc.nat(9),
})

const move: fc.Arbitrary<BulkMove> = fc.record({
  rate: fc.constantFrom(100, 1000),
  concurrency: fc.integer({ min: 1, max: 4 }),
  // Before each request, sometimes, and only at the end.
  watchMs: fc.constantFrom(0, 20, 1e6),
  pageSize: fc.constantFrom(2, 100),
  accidents: fc.array(accident, { maxLength: 3 }),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('newUser', 'back', 'redeploy') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('signIn'),
      user: fc.nat(9),
      atOnce: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('slowSignIn'),
      user: fc.nat(9),
      ms: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('lock', 'restore'), nth: fc.nat(9) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('forward'), move }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bulkMove'), move }) },
)

function play(operator: Operator, step: Step): Promise<void> | void {
  switch (step.kind) {
    case 'newUser':
    case 'back':
    case 'redeploy':
      return operator[step.kind]()
    case 'signIn':
      return operator.signIn(step.user, step.atOnce)
    case 'slowSignIn':
      return operator.slowSignIn(step.user, step.ms)
    case 'lock':
    case 'restore':
      return operator[step.kind](step.nth)
    case 'forward':
    case 'bulkMove':
      return operator[step.kind](step.move)
    default:
      return step satisfies never
  }
}

describe('npm run passwords, any history', function () {
  const numRuns = runsOf({ few: 10, all: 2_000 })
  this.timeout(20_000 + numRuns * 5_000)
  let tenant: TenantWithClock
  before(async () => {
    tenant = await startTenant()
  })
  after(() => tenant.auth0.close())

  it('locks nobody out if the operator does what the command says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), async (steps) => {
        await playAll(tenant, steps)
      }),
      { numRuns, endOnFailure: true, ...seed() },
    )
  })

  it('locks nobody out where four passwords would have to be in use', async () => {
    const quiet = { rate: 1000, concurrency: 1, watchMs: 1e6, pageSize: 100, accidents: [] }
    const forward: Step = { kind: 'forward', move: quiet }
    const restored = (version: number): Step => {
      const accidents: Accident[] = [
        { after: 3, what: 'restoreAny', user: version },
        { after: 4, what: 'signIn', user: 3 },
      ]
      return { kind: 'bulkMove', move: { ...quiet, accidents } }
    }
    const rotation = [forward, forward, forward, forward, forward]
    const { followed } = await playAll(tenant, [
      ...rotation,
      // [3, 2] is deployed, then the [1, 2] of step 1 of the first rotation is restored: 1 is put back.
      ...rotation.slice(0, 2),
      restored(1),
      ...rotation.slice(0, 3),
      // [4, 3] is deployed, and that [3, 1, 2] is restored; then [1, 2] beside [4, 3, 1].
      ...rotation.slice(0, 2),
      restored(7),
      restored(1),
    ])
    const limited = followed.filter((advice) => /At most 3 passwords can be in use/.test(advice))
    assert.match(limited[0] ?? '', /begin with 4, 3, 1 in this order, set `retired: true` at 2, and run/)
    assert.match(limited[1] ?? '', /begin with 4, 1, 2 in this order, set `retired: true` at 3, and run/)
  })
})

async function playAll(tenant: TenantWithClock, steps: readonly Step[]): Promise<Operator> {
  const operator = await Operator.begin(tenant)
  try {
    for (let users = 0; users < 4; users += 1) await operator.newUser()
    for (const one of steps) {
      await play(operator, one)
      operator.check()
    }
    await operator.everybodyGetsIn()
    return operator
  } finally {
    await operator.end()
  }
}

/** `SEED` repeats a run. */
function seed(): { readonly seed?: number } {
  const { SEED } = process.env
  return SEED === undefined ? {} : { seed: Number(SEED) }
}
