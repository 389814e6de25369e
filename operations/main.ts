#!/usr/bin/env node
// The command of the package: `npx backendless-login <command>`. For Pulumi programs that use the component.
const ci = () => import('./ci/main.ts')
const COMMANDS = {
  'ci:preview': ci,
  'ci:deploy': ci,
  'ci:drift': ci,
  doctor: () => import('./doctor/main.ts'),
  outcomes: () => import('./outcomes/main.ts'),
  passwords: () => import('./passwords/main.ts'),
}
const HELP = `Commands for a stack with a Backendless login.

  npx backendless-login ci:preview --stack <stack>   says what a deployment would do; fails if users would be locked out
  npx backendless-login ci:deploy --stack <stack>    deploys, unless users would be locked out
  npx backendless-login ci:drift --stack <stack>     compares the tenant with what was deployed
  npx backendless-login doctor --stack <stack>       says whether sign-in will work
  npx backendless-login outcomes --stack <stack>     counts how sign-ins end
  npx backendless-login passwords --stack <stack>    moves users to the current password

--help after a command lists its options.`

const [command = '', ...parameters] = process.argv.slice(2)
if (isCommand(command)) {
  // Each command reads its parameters from process.argv. Those of ci/ begin with the step.
  const step = COMMANDS[command] === ci ? [command.slice('ci:'.length)] : []
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...step, ...parameters)
  await COMMANDS[command]()
} else if (command === '--help' || command === '-h') {
  console.log(HELP)
} else {
  console.error(command === '' ? HELP : `There is no command ${command}. --help lists what there is.`)
  process.exitCode = 2
}

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name)
}
