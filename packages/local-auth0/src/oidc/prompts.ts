import type { Middleware } from './middleware.ts'

/**
 * Replaces the values of `prompt` that the library does not support: Auth0's own applications need no consent, and an account
 * is chosen in the form.
 */
export const knownPrompts: Middleware = async (ctx, next) => {
  const { prompt } = ctx.query
  if (ctx.path === '/authorize' && typeof prompt === 'string') {
    const known = prompt
      .split(' ')
      .filter((value) => value !== 'consent')
      .map((value) => (value === 'select_account' ? 'login' : value))
    const { prompt: _prompt, ...others } = ctx.query
    ctx.query = known.length === 0 ? others : { ...others, prompt: [...new Set(known)].join(' ') }
  }
  await next()
}
