// `npm run ci:…`: the steps of the workflows, which work by hand too. See docs/environments.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stackFile } from '../../provisioning/stack-file.ts'
import { Problem } from '../problem.ts'
import { runMain } from '../run-main.ts'
import { deploy } from './deploy.ts'
import { drift } from './drift.ts'
import { GitHub } from './github.ts'
import { CI_HELP, type CiOptions, readCiOptions } from './options.ts'
import { preview } from './preview.ts'
import { publishComment, publishReport, resolveReport } from './publish.ts'
import { openPullRequest } from './pull-request.ts'
import { rotate } from './rotate.ts'
import { signInsOf } from './sign-ins.ts'

const place = { folder: process.cwd(), environment: process.env }

await runMain(readCiOptions, CI_HELP, run)

async function run(options: CiOptions): Promise<0 | 1> {
  const { stack } = options
  switch (options.command) {
    case 'preview': {
      const { good, comment } = await preview(stack, place)
      show(comment, options.file)
      return good ? 0 : 1
    }
    case 'deploy':
      await deploy(stack, place, process.stdout)
      return 0
    case 'drift': {
      const { kind, report } = await drift(stack, place)
      const signIns =
        options.failAbove === undefined
          ? undefined
          : await signInsOf(stack, options.failAbove, options.component, place)
      show([report, ...(signIns ? [signIns.report] : [])].join('\n'), options.file)
      return kind === 'none' && signIns?.good !== false ? 0 : 1
    }
    case 'rotate':
      await propose(options)
      return 0
    case 'comment':
      await publishComment(new GitHub(process.env), { ...options, text: readText(options.file) })
      return 0
    case 'report': {
      const github = new GitHub(process.env)
      if (options.file === undefined) await resolveReport(github, stack)
      else await publishReport(github, { stack, text: readText(options.file) })
      return 0
    }
    default: {
      const never: never = options
      return never
    }
  }
}

async function propose({ stack, open, choices }: CiOptions & { command: 'rotate' }): Promise<void> {
  const path = stackFile(stack)
  const before = readText(join(place.folder, path))
  const { file: after, ...proposal } = rotate(stack, before, choices)
  console.log(`${proposal.title}\n\n${proposal.body}`)
  if (after === undefined) return
  if (open) {
    console.log(await openPullRequest(new GitHub(process.env), { path, before, after, ...proposal }))
  } else {
    writeFileSync(join(place.folder, path), after)
    console.log(`Written into ${path}. \`npx pulumi preview --stack ${stack} --diff\` shows what it does.`)
  }
}

/** Prints it even if it goes into a file, so that the log of a workflow has it. */
function show(markdown: string, file: string | undefined): void {
  console.log(markdown)
  if (file !== undefined) writeFileSync(file, markdown)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Problem(`The file ${file} cannot be read.`)
  }
}
