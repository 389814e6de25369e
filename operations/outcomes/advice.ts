import type { FailureCode, KeptCode } from '../../actions/backendless-login/outcomes.ts'

/** What an operator does about each code. docs/outcomes.md has the same sentences; a test compares them. */
export const ADVICE: Readonly<Record<FailureCode | KeptCode, string>> = {
  not_moved:
    'If it goes on, see that users may change their own password column (`backendless` has the refusal). Retire no password that such users are on.',
  not_renamed:
    'If it goes on: the new address has a row of its own (nothing is merged: decide which one stays, and delete or rename the other), or users may not change their own identity and password columns. It is tried again on the next day.',
  email_missing:
    'Ask the identity provider for the e-mail scope, or use `identity: user_id`, or `unverified: skip` to let such users in without a token.',
  email_unverified: 'Send the verification mail again.',
  email_untrusted:
    'Name the connection in `trustedConnections`, if you trust it with addresses: whatever it asserts opens that person’s account.',
  user_id_missing:
    'Should not happen: Auth0 guarantees it. Look for an Action before this one that changes the user.',
  identity_mismatch:
    'Look at the row: Backendless compared more loosely than Auth0 does. Check `identityColumn`.',
  owner_mismatch:
    "Two accounts of one person: link them in Auth0. An address that changed hands: the row gets its owner's new address when that one signs in. Else decide whose it is, and repair the account.",
  password_mismatch:
    'It was registered by somebody else, its password was changed behind our back, or the password here is not the one it was registered with. Never hand over the row unseen.',
  account_disabled: 'Enable it in the console, Users, if that was not meant.',
  account_unconfirmed: 'Turn e-mail confirmation off: Auth0 verifies addresses already.',
  account_locked:
    'Turn the lock-out off, or raise its limit above 2 + the number of older passwords. Somebody with a public key may be trying passwords.',
  session_limit: 'Turn multiple logins on, and raise their number.',
  misconfigured:
    'Run `npx pulumi up`; check the application id and key, that registration is open to this key, and the settings in the README.',
  refused:
    "Look the number after `backendless=` up in Backendless's list of error codes. No number: the answer did not come from Backendless; check `serverUrl` and any proxy in front of it.",
  busy: 'Raise the plan’s limit. Nothing is retried, because that would add to it.',
  unavailable: 'Look at the status page of Backendless. It passes by itself.',
  timeout: 'As for `unavailable`.',
  bad_answer: 'Check `serverUrl`: is a proxy or another program answering?',
  internal_error: 'Report it with the log line.',
}
