// Random histories of people whose addresses change, change hands, and come back, in an application with an owner column.
// `npm run test:long` runs more and longer ones.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { runsOf } from '../runs.ts'
import { ADDRESSES, People, type PeopleStep } from './people.ts'
import { backendless, closeAll } from './sign-in.ts'

const { seeds, steps } = runsOf({
  few: { seeds: [1, 2], steps: 250 },
  all: { seeds: [1, 2, 3, 4, 5], steps: 10_000 },
})

const someone = fc.nat(7)
const address = fc.nat(ADDRESSES.length - 1)
const step: fc.Arbitrary<PeopleStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('signIn' as const),
      who: someone,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('signInAtOnce' as const), who: someone, other: someone }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('changeAddress' as const), who: someone, address }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('swap' as const), who: someone, other: someone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), who: someone, other: someone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unlink' as const), who: someone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rotate' as const), perUser: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant<PeopleStep>({ kind: 'stepBack' }) },
  { weight: 1, arbitrary: fc.constant<PeopleStep>({ kind: 'nextDay' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deleteRow' as const), address }) },
  { weight: 1, arbitrary: fc.constant<PeopleStep>({ kind: 'retire' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restoreMemory' as const), who: someone }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forgeMemory' as const), who: someone, address }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('signInWithLoss' as const),
      who: someone,
      route: fc.constantFrom('PUT *', 'POST /users/login', 'POST /users/register'),
      nth: fc.integer({ min: 1, max: 2 }),
      after: fc.boolean(),
      keeps: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refuseRenames' as const),
      refused: fc.constantFrom(true, false, false),
    }),
  },
)

describe(`people whose addresses change, in ${steps} steps`, function () {
  this.timeout(1_800_000)
  afterEach(closeAll)

  for (const compare of ['exact', 'loose'] as const) {
    for (const seed of seeds) {
      it(`open no row of anybody else, get no second row, and get in: ${compare} comparison, seed ${seed}`, async () => {
        const app = await backendless({ compare, maxConcurrentLogins: 1_000_000 })
        const people = new People(app)
        const history = fc.sample(step, { seed, numRuns: steps })
        for (const [index, one] of history.entries()) {
          await people.play(one).catch((error: unknown) => {
            const message = error instanceof Error ? error.message : String(error)
            assert.fail(`step ${index}, ${JSON.stringify(one)}: ${message}`)
          })
        }
        // A history with few events proves little.
        const { tokens, renamed, ownerMismatches } = people
        assert.ok(tokens > steps / 4, `${tokens} tokens`)
        assert.ok(
          renamed > steps / 100 && ownerMismatches > 0,
          `${renamed} renamed, ${ownerMismatches} kept out`,
        )
      })
    }
  }
})
