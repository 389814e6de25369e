import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { checkConfig, NAMESPACE } from '../../provisioning/config.ts'
import { PROJECT_ROOT } from '../engine/engine.ts'

const read = (name: string) => readFileSync(join(PROJECT_ROOT, name), 'utf8')
const workflow = (name: string) => parse(read(`.github/workflows/${name}.yml`))

/** Returns the configuration of an environment, as Pulumi passes it to the program. */
function configOf(stack: string): Record<string, string> {
  const entries: [string, unknown][] = Object.entries(parse(read(`Pulumi.${stack}.yaml`)).config)
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key.replace(`${NAMESPACE}:`, ''),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

describe('the environments', () => {
  const stacks = Object.keys(workflow('deploy').jobs)

  it('are the same in every workflow', () => {
    assert.deepEqual(stacks, ['dev', 'prod'])
    for (const name of ['preview', 'drift']) {
      assert.deepEqual(workflow(name).jobs[name].strategy.matrix.stack, stacks)
    }
    assert.deepEqual(workflow('rotate').on.workflow_dispatch.inputs.stack.options, stacks)
  })

  for (const stack of stacks) {
    it(`have a configuration that lacks the API key, and is refused until its placeholders are replaced: ${stack}`, () => {
      const checked = checkConfig(configOf(stack), new Set())
      const findings = 'findings' in checked ? checked.findings : []
      for (const { path, problem } of findings) {
        assert.match(problem, path === 'apiKey' ? /^is missing$/ : /^is the placeholder of the sample file/)
      }
      const clients: unknown[] = JSON.parse(configOf(stack).clients ?? '')
      const marked = clients.map((_, index) => `clients[${index}]`)
      assert.deepEqual(findings.map(({ path }) => path).sort(), ['apiKey', 'appId', ...marked])
    })
  }

  it('share no application of Backendless and no name of an Action', () => {
    const [dev, prod] = stacks.map(configOf)
    for (const key of ['appId', 'actionName', 'onFailure']) assert.notEqual(dev?.[key], prod?.[key])
  })

  it('are deployed in order, by the same steps', () => {
    const { dev, prod } = workflow('deploy').jobs
    assert.equal(prod.needs, 'dev')
    for (const [stack, { uses, with: inputs }] of Object.entries({ dev, prod })) {
      assert.deepEqual([uses, inputs], ['./.github/workflows/environment.yml', { task: 'deploy', stack }])
    }
  })
})
