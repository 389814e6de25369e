// The sign-in page and its forms.
import type Provider from 'oidc-provider'
import { bodyOf } from './form.ts'
import { PAGE_HEADERS } from './markup.ts'
import type { Middleware } from './middleware.ts'
import { errorPage, type SignInView, signInPage } from './pages.ts'
import type { OidcTenant } from './tenant.ts'
import type { Connection } from './tenant-file.ts'
import { SignUpError, type User } from './users.ts'

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** The result of a form. */
type Outcome =
  | { readonly kind: 'signed-in'; readonly user: User; readonly connection: Connection }
  | { readonly kind: 'problem'; readonly problem: string; readonly name: string; readonly signingUp: boolean }

/** Serves `/u/login/:uid`. The provider redirects users there to sign in, with a cookie for that path only. */
export function signInRoutes(provider: Provider, tenant: OidcTenant): Middleware {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/u/login/')) return next()
    ctx.set(PAGE_HEADERS)
    ctx.type = 'html'
    const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined)
    if (!interaction) {
      ctx.status = 400
      ctx.body = errorPage('invalid_request', 'This sign-in is over, or it began in another browser.')
      return
    }
    if (ctx.method !== 'POST') {
      const { login_hint, screen_hint } = interaction.params
      const name = typeof login_hint === 'string' ? login_hint : ''
      ctx.body = signInPage(viewOf(tenant, interaction, { name, signingUp: screen_hint === 'signup' }))
      return
    }
    const outcome = outcomeOf(tenant, interaction, new URLSearchParams(await bodyOf(ctx.req)))
    if (outcome.kind === 'problem') {
      ctx.status = 400
      ctx.body = signInPage(viewOf(tenant, interaction, outcome))
      return
    }
    await endOtherSession(provider, interaction, outcome.user)
    ctx.status = 303
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, resultOf(tenant, outcome)))
  }
}

function outcomeOf(tenant: OidcTenant, interaction: Interaction, form: URLSearchParams): Outcome {
  const field = (name: string) => form.get(name) ?? ''
  const database = databaseOf(tenant, interaction)
  switch (field('action')) {
    case 'choose': {
      const connection = tenant.connection(field('connection'))
      const user =
        connection && tenant.users.of(connection.name).find(({ user_id }) => user_id === field('user'))
      if (connection && user) return { kind: 'signed-in', user, connection }
      return { kind: 'problem', problem: 'There is no such user.', name: '', signingUp: false }
    }
    case 'sign-up': {
      const name = field('email').trim()
      const signingUp = true
      if (!database) return { kind: 'problem', problem: 'Nobody can sign up here.', name, signingUp }
      try {
        const verified = form.has('verified')
        const user = tenant.users.signUp(database.name, name, field('password'), verified)
        return { kind: 'signed-in', user, connection: database }
      } catch (error) {
        if (error instanceof SignUpError) return { kind: 'problem', problem: error.message, name, signingUp }
        throw error
      }
    }
    default: {
      const name = field('username')
      const user = database && tenant.users.authenticate(database.name, name, field('password'))
      if (database && user) return { kind: 'signed-in', user, connection: database }
      return { kind: 'problem', problem: 'Wrong email or password.', name, signingUp: false }
    }
  }
}

/** For a blocked user, Auth0 redirects with an error, runs no Action and creates no session. */
function resultOf(tenant: OidcTenant, { user, connection }: Extract<Outcome, { kind: 'signed-in' }>) {
  if (user.blocked) return { error: 'unauthorized', error_description: 'user is blocked' }
  return { login: { accountId: user.user_id, amr: [...tenant.authentication(connection)] } }
}

/** Ends the session of another user first, because the library would show a form of its own. */
async function endOtherSession(provider: Provider, interaction: Interaction, user: User): Promise<void> {
  const { session } = interaction
  if (!session || session.accountId === user.user_id) return
  const before = await provider.Session.findByUid(session.uid)
  await before?.destroy()
  delete interaction.session
  await interaction.save(Math.max(1, interaction.exp - Math.floor(Date.now() / 1000)))
}

/** If the application names a `connection`, only that one is offered. */
function databaseOf(tenant: OidcTenant, { params }: Interaction): Connection | undefined {
  return tenant.database(typeof params.connection === 'string' ? params.connection : undefined)
}

function viewOf(
  tenant: OidcTenant,
  interaction: Interaction,
  state: { name: string; signingUp: boolean; problem?: string },
): SignInView {
  const { client_id, connection: named } = interaction.params
  const database = databaseOf(tenant, interaction)
  return {
    applicationName: tenant.applications.byId(String(client_id))?.name ?? '',
    database,
    choices: tenant.connections
      .filter(({ name }) => named === undefined || name === named)
      .map((connection) => ({ connection, users: tenant.users.of(connection.name) })),
    passwords: database ? tenant.users.listedPasswords(database.name) : [],
    ...state,
  }
}
