// The pages of the tenant.
import { document, text } from './markup.ts'
import type { Connection } from './tenant-file.ts'
import type { User } from './users.ts'

export interface SignInView {
  readonly applicationName: string
  /** The database of the form; `undefined` if the application requested another connection. */
  readonly database: Connection | undefined
  /** The users of each connection, who sign in with one click. */
  readonly choices: readonly { readonly connection: Connection; readonly users: readonly User[] }[]
  readonly passwords: readonly string[]
  /** The name that the form already contains. */
  readonly name: string
  readonly signingUp: boolean
  /** What was wrong with the last form. */
  readonly problem?: string
}

export function signInPage(view: SignInView): string {
  const { applicationName, database, choices, problem } = view
  return document(
    `Sign in to ${applicationName}`,
    `<h1>Sign in to ${text(applicationName)}</h1>
<p class="soft">A local Auth0 tenant. Nobody here is real, and nothing leaves this machine.</p>
${problem === undefined ? '' : `<p role="alert">${text(problem)}</p>`}
${database ? passwordForm(view) : ''}
<h2>Or with one click</h2>
${choices.map((choice) => oneClick(choice)).join('\n')}
${database ? signUpForm(view) : ''}`,
  )
}

export function errorPage(error: string, description = ''): string {
  return document(
    'The sign-in could not go on',
    `<h1>The sign-in could not go on</h1>
<p role="alert">${text(description || error)}</p>
<p class="soft">The tenant says <code>${text(error)}</code>. Go back to the application and begin again.</p>`,
  )
}

function passwordForm({ passwords, name, signingUp }: SignInView): string {
  const hint =
    passwords.length === 0
      ? ''
      : `<p class="soft" id="passwords">The users that come with the tenant have the password ${passwords
          .map((password) => `<code>${text(password)}</code>`)
          .join(' or ')}</p>`
  return `<form method="post">
<input type="hidden" name="action" value="password">
<label for="username">E-mail address or username</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${signingUp ? '' : text(name)}"${signingUp ? '' : ' autofocus'}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${hint ? ' aria-describedby="passwords"' : ''}>
${hint}
<button>Sign in</button>
</form>`
}

function oneClick({ connection, users }: SignInView['choices'][number]): string {
  if (users.length === 0) return ''
  const kind = connection.strategy === 'auth0' ? 'database' : connection.strategy
  return `<h3>${text(connection.name)} <span class="soft">${text(kind)}</span></h3>
<form method="post">
<input type="hidden" name="action" value="choose">
<input type="hidden" name="connection" value="${text(connection.name)}">
<ul>
${users.map((user) => `<li><button name="user" value="${text(user.user_id)}">${text(user.name)}<small>${text(remark(user))}</small></button></li>`).join('\n')}
</ul>
</form>`
}

function remark({ email, email_verified, username, blocked, user_id }: User): string {
  const address = email === undefined ? `${username ?? user_id}, no address` : email
  const verified = email === undefined ? '' : email_verified ? ', verified' : ', not verified'
  return `${address}${verified}${blocked ? ', blocked' : ''}`
}

function signUpForm({ name, signingUp }: SignInView): string {
  return `<details${signingUp ? ' open' : ''}>
<summary>Sign up</summary>
<form method="post">
<input type="hidden" name="action" value="sign-up">
<label for="new-email">E-mail address</label>
<input id="new-email" name="email" type="email" autocomplete="email" required value="${signingUp ? text(name) : ''}"${signingUp ? ' autofocus' : ''}>
<label for="new-password">Password</label>
<input id="new-password" name="password" type="password" autocomplete="new-password" required aria-describedby="new-hint">
<p class="soft" id="new-hint">Any you like; it is forgotten when the tenant ends.</p>
<label class="check"><input type="checkbox" name="verified" checked> The address is verified, as if the link in Auth0's e-mail had been followed</label>
<button>Sign up</button>
</form>
</details>`
}
