/** Why a command cannot go on, as a sentence for the person who runs it. Never holds a secret. Exit code 1. */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** A command line that cannot be followed. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
