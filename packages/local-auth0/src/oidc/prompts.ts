import type { Middleware } from './middleware.ts'

/**
 * Values of `prompt` as the library knows them: Auth0 asks its own applications for no consent, and the form is where an
 * account is chosen.
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
