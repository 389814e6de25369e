import { CHECKS } from './checks.ts'
import type { CheckResult, Result } from './findings.ts'

const TITLES = { before: 'Before a deployment', after: 'After a deployment' } as const
const RESULTS: readonly Result[] = ['ok', 'warning', 'failed', 'not checked']

/** Returns 1 if a check failed. Warnings and checks that were not made do not count. */
export function doctorExitCode(findings: readonly CheckResult[]): 0 | 1 {
  return findings.some(({ result }) => result === 'failed') ? 1 : 0
}

export function doctorJson(stack: string, findings: readonly CheckResult[]): string {
  return JSON.stringify({ stack, ok: doctorExitCode(findings) === 0, checks: findings }, null, 2)
}

export function doctorText(stack: string, findings: readonly CheckResult[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 17)
  const lines = [`Stack ${stack}`]
  for (const when of ['before', 'after'] as const) {
    lines.push('', TITLES[when])
    for (const { name, result, finding, toDo } of findings) {
      if (CHECKS[name].when !== when) continue
      const [first = '', ...more] = finding.split('\n')
      lines.push(`  ${result.padEnd(11)}  ${name.padEnd(width)}  ${first}`)
      for (const line of more) lines.push(indent + line)
      if (toDo !== undefined) lines.push(`${indent}What to do: ${toDo}`)
    }
  }
  const counts = RESULTS.map(
    (each) => [each, findings.filter(({ result }) => result === each).length] as const,
  )
  const summary = counts.filter(([, count]) => count > 0).map(([each, count]) => `${count} ${each}`)
  return [...lines, '', summary.join(', ')].join('\n')
}
