/** Returns the metadata after a write. It is merged by top-level keys, and null removes a key (docs: manage-user-metadata). */
export function withMetadata(
  present: unknown,
  written: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const before = typeof present === 'object' && present !== null && !Array.isArray(present) ? present : {}
  return Object.fromEntries(Object.entries({ ...before, ...written }).filter(([, value]) => value !== null))
}
