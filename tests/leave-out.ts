/**
 * Leaves a suite out, from its `before`, if something that it needs is missing. Its title then says why. With CI=true the
 * suite fails.
 */
export function leaveOut(hook: Mocha.Context, reason: string): never {
  if (process.env.CI === 'true') throw new Error(reason)
  const suite = hook.test?.parent
  if (suite) suite.title += ` (${reason})`
  return hook.skip()
}
