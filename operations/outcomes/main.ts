// `npm run outcomes`: counts how sign-ins end. See docs/observability.md.
import { runMain } from '../run-main.ts'
import { OUTCOMES_HELP, readOutcomesOptions } from './options.ts'

const controller = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())

await runMain(readOutcomesOptions, OUTCOMES_HELP, async (options) => {
  // Loaded only when needed, because that takes most of a second.
  const { isAboveLimit, outcomes } = await import('./command.ts')
  const { outcomesJson } = await import('./report-json.ts')
  const { outcomesText } = await import('./report-text.ts')
  const report = await outcomes(options, {
    environment: process.env,
    signal: controller.signal,
    folder: process.cwd(),
  })
  console.log(options.json ? outcomesJson(report) : outcomesText(report))
  return isAboveLimit(report) ? 1 : 0
})
