// `npm run doctor`: says whether sign-in will work, before and after a deployment. See docs/doctor.md.
import { Problem, UsageError } from '../problem.ts'
import { HELP, readOptions } from './options.ts'

try {
  const options = readOptions(process.argv.slice(2))
  if (options) {
    // Loading takes most of a second, so --help and a usage error come first.
    const { doctor } = await import('./command.ts')
    const { exitCodeOf, jsonOf, textOf } = await import('./report.ts')
    const findings = await doctor(options, { environment: process.env })
    console.log(options.json ? jsonOf(options.stack, findings) : textOf(options.stack, findings))
    process.exitCode = exitCodeOf(findings)
  } else {
    console.log(HELP)
  }
} catch (error) {
  console.error(error instanceof Problem || error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
