// The command line of `npm run passwords`.
import assert from 'node:assert/strict'
import { PROJECT_ROOT } from '../engine/engine.ts'
import { command } from './child.ts'

describe('npm run passwords, its command line', () => {
  for (const [args, sentence] of [
    [[], /--stack is missing/],
    [['--stack', 'a b'], /--stack is no name of a stack/],
    [['--stack', 'dev', '--rate', '0'], /--rate must be a number from 0.1 to 1000/],
    [['--stack', 'dev', '--concurrency', '1.5'], /--concurrency must be a whole number from 1 to 64/],
    [['--stack', 'dev', '--active-within', 'an hour'], /--active-within must be a time such as 90s/],
    [['--stack', 'dev', '--repair'], /--repair takes one identity, or --all/],
    [['--stack', 'dev', '--repair', 'ada', '--all'], /--repair takes one identity, or --all/],
    [['--stack', 'dev', '--repair', 'ada', '--apply'], /--apply does not go with --repair/],
    [['--stack', 'dev', '--owner', 'auth0|1'], /--owner goes with --repair <identity>/],
    [['--stack', 'dev', '--repair', '--all', '--owner', 'auth0|1'], /--owner goes with --repair <identity>/],
    [['--stack', 'dev', '--repair', 'ada', '--owner', 'ada@example.com'], /--owner takes an Auth0 user id/],
    [['--stack', 'dev', '--repair', 'ada', '--owner', ''], /--owner takes an Auth0 user id/],
    [['--stack', 'dev', '--all'], /--all goes with --repair/],
    [['--stack', 'dev', '--unknown'], /Unknown option '--unknown'/],
    [['production'], /Unexpected argument 'production'/],
  ] as const) {
    it(`refuses \`${args.join(' ')}\` with exit code 2 and a sentence`, async () => {
      const { code, stdout, stderr } = await command(args, PROJECT_ROOT)
      assert.equal(code, 2)
      assert.match(stderr, sentence)
      assert.doesNotMatch(stderr, / at /)
      assert.equal(stdout, '')
    })
  }
})
