const BAR = 24
const REDRAW_MS = 200
const LINE_MS = 10_000
/** The rate is measured over this time, so that an earlier stall does not distort it. */
const WINDOW_MS = 30_000

export interface Output {
  readonly isTTY?: boolean | undefined
  write(text: string): unknown
}

/** Shows the progress of a pass: a bar on a terminal, otherwise a line every ten seconds. */
export class Progress {
  readonly #output: Output
  readonly #now: () => number
  #total = 0
  #done = 0
  #shownAt: number
  #samples: { readonly at: number; readonly done: number }[] = []

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output
    this.#now = now
    this.#shownAt = now()
  }

  start(total: number): void {
    this.#total = total
    this.#samples = [{ at: this.#now(), done: 0 }]
  }

  step(): void {
    this.#done += 1
    if (this.#now() - this.#shownAt >= (this.#output.isTTY ? REDRAW_MS : LINE_MS)) this.#show()
  }

  /** Leaves the last state on a line of its own. */
  end(): void {
    if (this.#done === 0) return
    this.#show()
    if (this.#output.isTTY) this.#output.write('\n')
  }

  #show(): void {
    const now = this.#now()
    this.#shownAt = now
    this.#samples.push({ at: now, done: this.#done })
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > WINDOW_MS) this.#samples.shift()
    const [first] = this.#samples
    const rate = first && now > first.at ? ((this.#done - first.done) * 1000) / (now - first.at) : 0
    // Users may be added during the run.
    const total = Math.max(this.#total, this.#done)
    const left = rate > 0 ? `${clock((total - this.#done) / rate)} left` : 'waiting'
    const text = `${this.#done}/${total} users, ${rate.toFixed(1)} a second, ${left}`
    if (!this.#output.isTTY) {
      this.#output.write(`${text}\n`)
      return
    }
    const filled = total === 0 ? BAR : Math.round((BAR * this.#done) / total)
    this.#output.write(`\r\x1b[K${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${text}`)
  }
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
