// `npm run doctor`: says whether sign-in will work, before and after a deployment. See docs/doctor.md.
import { Problem, UsageError } from '../problem.ts'
import { DOCTOR_HELP, readDoctorOptions } from './options.ts'

try {
  const options = readDoctorOptions(process.argv.slice(2))
  if (options) {
    // Loading takes most of a second, so --help and a usage error come first.
    const { doctor } = await import('./command.ts')
    const { doctorExitCode, doctorJson, doctorText } = await import('./report.ts')
    const findings = await doctor(options, { environment: process.env })
    console.log(options.json ? doctorJson(options.stack, findings) : doctorText(options.stack, findings))
    process.exitCode = doctorExitCode(findings)
  } else {
    console.log(DOCTOR_HELP)
  }
} catch (error) {
  console.error(error instanceof Problem || error instanceof UsageError ? error.message : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
