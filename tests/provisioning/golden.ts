// A recording in readable form: the settings in full, the rest of the code as a hash.
import { createHash } from 'node:crypto'
import type { Recording } from './recorded-resources.ts'

export function goldenFile(name: string): URL {
  return new URL(`./golden/${name}.json`, import.meta.url)
}

export function golden({ resources, outputs, secretOutputs }: Recording): string {
  const shown = Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, secretOutputs.includes(name) ? '[secret]' : value]),
  )
  const replacer = (key: string, value: unknown) =>
    key === 'code' && typeof value === 'string' ? codeOf(value) : value
  return `${JSON.stringify({ resources, outputs: shown }, replacer, 2)}\n`
}

function codeOf(code: string): object {
  const [, settings = '{}'] = /^const SETTINGS = (\{.*?^\});$/ms.exec(code) ?? []
  return {
    firstLine: code.split('\n', 1)[0],
    settings: JSON.parse(settings),
    rest: `sha256 ${createHash('sha256').update(code.replace(settings, '')).digest('hex')}`,
  }
}
