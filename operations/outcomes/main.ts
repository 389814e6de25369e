// `npm run outcomes`: counts how sign-ins end. See docs/observability.md.
import { Problem, UsageError } from '../problem.ts'
import { OUTCOMES_HELP, readOutcomesOptions } from './options.ts'

const controller = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())

try {
  const options = readOutcomesOptions(process.argv.slice(2))
  if (options) {
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
    process.exitCode = isAboveLimit(report) ? 1 : 0
  } else {
    console.log(OUTCOMES_HELP)
  }
} catch (error) {
  console.error(error instanceof Problem || error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
