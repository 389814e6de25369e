// Sign-ins by hour, as bars in a terminal.
import type { Period } from './command.ts'

const BAR = 40
const MOST_HOURS = 48

/** A line for each hour: `█` sign-ins that were not denied, `▒` denied ones. Nothing if there were no sign-ins. */
export function hourChart({ tally }: Period): string[] {
  const hours = Object.entries(tally.hours)
    .map(([at, numbers]) => ({ at: Number(at), ...numbers }))
    .toSorted((a, b) => a.at - b.at)
  const most = Math.max(0, ...hours.map(({ signIns }) => signIns))
  if (most === 0) return []
  const shown = hours.slice(-MOST_HOURS)
  const lines = shown.map(({ at, signIns, denied }) => {
    // A denial is visible even if it is rare.
    const red = denied === 0 ? 0 : Math.max(1, Math.round((BAR * denied) / most))
    const length = Math.max(red, Math.round((BAR * signIns) / most))
    const bar = '█'.repeat(length - red) + '▒'.repeat(red)
    const label = new Date(at).toISOString().slice(5, 16).replace('T', ' ')
    return `  ${label}  ${bar.padEnd(BAR)}  ${signIns.toLocaleString('en')}${denied === 0 ? '' : `, ${denied.toLocaleString('en')} denied`}`
  })
  const left = hours.length - shown.length
  return [
    '',
    'By hour (UTC), ▒ denied:',
    ...(left === 0 ? [] : [`  (${left} earlier hours not shown)`]),
    ...lines,
  ]
}
