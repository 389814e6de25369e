// Takes samples in turn and summarizes them.

/** The summary of many samples. */
export interface Figure {
  readonly median: number
  /** Absent if there is only one number, such as a count of bytes. */
  readonly p99?: number
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number }

/** One line of the table: what was measured, against what, and the goal of the ratio. */
export interface Measurement {
  /** Stable: results of different runs are matched by it. */
  readonly name: string
  readonly what: string
  readonly unit: string
  readonly ours: Figure
  readonly against: Figure
  /** Ratio of the medians: ours / against. */
  readonly ratio: number
  readonly goal?: Goal
}

export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new Error('There are no samples to take a median of')
  return (low + high) / 2
}

/** The smallest sample that `percent` of all samples do not exceed. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const sample = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
  if (sample === undefined) throw new Error('There are no samples to take a percentile of')
  return sample
}

export function figure(samples: readonly number[]): Figure {
  return { median: median(samples), p99: percentile(samples, 99) }
}

type Measured = number | readonly number[] | Figure

/** Returns a line of the table. A number counts as its own median. */
export function row(
  { name, what, unit, goal }: Pick<Measurement, 'name' | 'what' | 'unit' | 'goal'>,
  ours: Measured,
  against: Measured,
): Measurement {
  const [a, b] = [asFigure(ours), asFigure(against)]
  return {
    name,
    what,
    unit,
    ours: a,
    against: b,
    ratio: ratio(a.median, b.median),
    ...(goal ? { goal } : {}),
  }
}

/** 0 / 0 is 1: it did not grow. */
export function ratio(ours: number, against: number): number {
  return ours === 0 && against === 0 ? 1 : ours / against
}

function asFigure(measured: Measured): Figure {
  if (typeof measured === 'number') return { median: measured }
  return 'median' in measured ? measured : figure(measured)
}

export function isMet({ ratio, goal }: Pick<Measurement, 'ratio' | 'goal'>): boolean | undefined {
  if (!goal) return undefined
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast
}

/**
 * Runs each of `contestants` once a round, every second round in the opposite order, so that a machine that is slow for a
 * while affects all of them. Returns the samples in the order of `contestants`.
 */
export async function alternate<const Contestants extends readonly (() => Promise<number>)[]>(
  contestants: Contestants,
  rounds: number,
): Promise<{ -readonly [Index in keyof Contestants]: number[] }> {
  const samples = contestants.map((): number[] => [])
  const order = contestants.map((sample, index) => ({ sample, into: samples[index] }))
  for (let round = 0; round < rounds; round += 1) {
    for (const { sample, into } of round % 2 === 0 ? order : order.toReversed()) into?.push(await sample())
  }
  return samples as { -readonly [Index in keyof Contestants]: number[] }
}

/** Returns how many milliseconds `run` takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await run()
  return performance.now() - began
}
