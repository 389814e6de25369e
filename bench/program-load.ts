// A fresh process that runs the program under mocks, or loads Pulumi's SDK and nothing else, and says how long it took.
const began = performance.now()
if (process.argv[2] === 'sdk') {
  await import('@pulumi/pulumi')
} else {
  const { record } = await import('../tests/provisioning/record.ts')
  const { resources } = await record({
    stack: 'bench',
    config: { appId: '00000000-0000-0000-0000-000000000000', clients: ['shop'] },
    secrets: { apiKey: '11111111-1111-1111-1111-111111111111' },
  })
  if (resources.length !== 5) throw new Error(`The program declared ${resources.length} resources`)
}
process.send?.(performance.now() - began, () => process.exit())
