/**
 * Runs `program` and strips the stack of what it throws. Pulumi shows the stack of an unexpected error with its source
 * positions, and Node spends 20 to 80 seconds on finding them in Pulumi's source maps.
 */
export function withPlainErrors<T>(program: () => T): T {
  try {
    return program()
  } catch (error) {
    if (error instanceof Error) error.stack = error.message
    throw error
  }
}
