// `npm run doctor`: says whether sign-in will work, before and after a deployment. See docs/doctor.md.
import { runMain } from '../run-main.ts'
import { DOCTOR_HELP, readDoctorOptions } from './options.ts'

await runMain(readDoctorOptions, DOCTOR_HELP, async (options) => {
  // Loading takes most of a second, so --help and a usage error come first.
  const { doctor } = await import('./command.ts')
  const { doctorExitCode, doctorJson, doctorText } = await import('./report.ts')
  const findings = await doctor(options, { environment: process.env })
  console.log(options.json ? doctorJson(options.stack, findings) : doctorText(options.stack, findings))
  return doctorExitCode(findings)
})
