import { RunError } from '@pulumi/pulumi'

/**
 * Returns an error that Pulumi shows as its message alone. It has no stack, because Node would spend 20 to 80 seconds looking
 * up its positions in Pulumi's source maps.
 */
export function refusal(message: string): RunError {
  return withoutStack(new RunError(message))
}

/** Runs `program`, and removes the stack from whatever it throws, for the same reason. */
export function withPlainErrors<T>(program: () => T): T {
  try {
    return program()
  } catch (error) {
    throw error instanceof Error ? withoutStack(error) : error
  }
}

function withoutStack<E extends Error>(error: E): E {
  error.stack = error.message
  return error
}
