// The program of a new process that runs the Pulumi program under mocks, or only loads Pulumi's SDK, and reports how long that took.
const began = performance.now()
if (process.argv[2] === 'sdk') {
  await import('@pulumi/pulumi')
} else {
  const { record } = await import('../tests/provisioning/recorded-resources.ts')
  const { resources } = await record({
    stack: 'bench',
    config: { appId: '7C29A5E4-1B38-4D06-9F2A-83E5D1B0C647', clients: ['shop'] },
    secrets: { apiKey: 'E5D1B0C6-83F2-4A9D-B647-7C29A5E41B38' },
  })
  if (resources.length !== 5) throw new Error(`The program declared ${resources.length} resources`)
}
process.send?.(performance.now() - began, () => process.exit())
