/** Why a command cannot continue, in sentences for the person who runs it. Contains no secret. Exit code 1. */
export class Problem extends Error {
  override readonly name = 'Problem'
}

/** A command line that is not valid. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
