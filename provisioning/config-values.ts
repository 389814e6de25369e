// Types of values in the configuration. The messages never contain the value: it may be a secret.
import { z } from 'zod'

/** @param shape continues the message "must be". */
export const text = (shape: string) =>
  z.string(`must be ${shape}`).regex(/^[^\p{Cc}\p{Cs}]*$/u, {
    error: 'must not have control characters or unpaired surrogates',
    abort: true,
  })

export const boolean = () => z.boolean('must be true or false')

export const choice = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, `must be one of ${values.join(', ')}`)

/** Returns the position of the first text that occurs before it too, or -1. */
export const repeated = (items: readonly unknown[]) =>
  items.findIndex((item, index) => typeof item === 'string' && items.indexOf(item) < index)

export const refusedItem = (message: string, key: string, index: number) =>
  ({ code: 'custom', message, params: { example: `rm --path '${key}[${index}]'` } }) as const
