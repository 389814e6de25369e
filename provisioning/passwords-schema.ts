// The key `passwords` of the configuration.
import { z } from 'zod'
import { boolean, repeated, text } from './config-values.ts'

/** Limit on the passwords in use: each older one costs a failed login, which counts towards a lock-out. */
export const MAX_IN_USE = 3

const password = z
  .strictObject(
    {
      id: text('a string in quotation marks').regex(/^[a-z0-9-]{1,20}$/, 'must be 1 to 20 of a-z, 0-9 and -'),
      // With any other value the Action would report itself as misconfigured.
      value: z
        .string('must be a string')
        .refine((value) => value.trim() !== '', 'must not be empty')
        .refine((value) => value.isWellFormed(), 'must not have unpaired surrogates')
        .max(4096, 'must have 4,096 characters or less: Auth0 keeps no longer secret')
        .optional(),
      perUser: boolean().optional(),
      retired: boolean().default(false),
    },
    'must be an entry { id, value?, perUser?, retired? } and nothing else',
  )
  // The rule used one password for all users, so an adopted value is used in the same way unless its entry says otherwise.
  .transform(({ perUser, ...entry }) => ({ ...entry, perUser: perUser ?? entry.value === undefined }))

/** The keys of an entry of `passwords`. */
export const PASSWORD_KEYS: readonly string[] = Object.keys(password.in.shape)

/** The rules on the whole list also run if an entry is wrong, so that one message has all problems. */
const onList = { when: ({ value }: { readonly value: unknown }) => Array.isArray(value) }

export const passwordsSchema = z
  .array(password, 'must be a list of entries')
  .min(1, 'must have an entry: without one, nobody can sign in')
  .superRefine((entries, context) => {
    const ids = asWritten(entries).map(({ id }) => id)
    const again = repeated(ids)
    if (again < 0) return
    context.addIssue({
      code: 'custom',
      message: 'must not have an id twice: give a new password a new id',
      params: { example: `set --path 'passwords[${again}].id' --type string ${freeId(ids)}` },
    })
  }, onList)
  .superRefine((entries, context) => {
    const written = asWritten(entries)
    if (inUse(written).length <= MAX_IN_USE) return
    const oldest = written.findLastIndex(({ retired }) => !retired)
    context.addIssue({
      code: 'custom',
      message: `must have at most ${MAX_IN_USE} entries that are not retired: retire the oldest once \`npm run passwords\` says that it can be`,
      params: { example: `set --path 'passwords[${oldest}].retired' true` },
    })
  }, onList)
  .superRefine((entries, context) => {
    if (!asWritten(entries)[0]?.retired) return
    context.addIssue({
      code: 'custom',
      message: 'must not begin with a retired entry: the first is the current one; put the one to use on top',
      params: { example: `set --path 'passwords[0].retired' false` },
    })
  }, onList)
  .prefault([{ id: '1' }])

function asWritten(entries: readonly unknown[]): { readonly id: unknown; readonly retired: boolean }[] {
  return entries.map((entry) => ({ id: partOf(entry, 'id'), retired: partOf(entry, 'retired') === true }))
}

/** A part of an entry of `passwords` that may be anything. */
export function partOf(entry: unknown, key: keyof z.output<typeof password>): unknown {
  return typeof entry === 'object' && entry !== null ? Reflect.get(entry, key) : undefined
}

/** An id of a password that is not taken. */
export function freeId(taken: readonly unknown[]): string {
  let id = 1
  while (taken.includes(String(id))) id += 1
  return String(id)
}

/** The example of the key's row. */
export function passwordExample(path: string): string {
  if (path.endsWith('.value')) return `set --secret --path '${path}'`
  // Removes the key, so that the default applies. An example with a value could retire a password that is in use.
  if (/\.(perUser|retired)$/.test(path)) return `rm --path '${path}'`
  return `set --path 'passwords[0].id' --type string 1`
}

/** The passwords that the Action knows. */
export function inUse<Password extends { readonly retired: boolean }>(
  passwords: readonly Password[],
): Password[] {
  return passwords.filter(({ retired }) => !retired)
}
