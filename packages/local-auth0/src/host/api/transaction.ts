// Transaction metadata and its limits (docs: limitations). It is not documented what Auth0 does beyond them; here it throws.
const MAX_KEY_CHARACTERS = 64
const MAX_VALUE_BYTES = 8 * 1024
const MAX_TOTAL_BYTES = 16 * 1024

type Value = string | number | boolean

/** Records a value that later Actions of this transaction see in `event.transaction.metadata`. */
export function setTransactionMetadata(
  present: Readonly<Record<string, Value>>,
  written: Record<string, Value>,
  key: string,
  value: unknown,
): void {
  if (key.length > MAX_KEY_CHARACTERS)
    throw new Error(`A metadata key must not exceed ${MAX_KEY_CHARACTERS} characters.`)
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new Error('A metadata value must be a string, a number or a boolean.')
  }
  if (Buffer.byteLength(String(value)) > MAX_VALUE_BYTES)
    throw new Error('A metadata value must not exceed 8 KB.')
  const all = JSON.stringify({ ...present, ...written, [key]: value })
  if (Buffer.byteLength(all) > MAX_TOTAL_BYTES) throw new Error('Transaction metadata must not exceed 16 KB.')
  written[key] = value
}
