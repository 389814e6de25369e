import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type LiveDemo, startLiveDemo } from '../../demo/live.ts'
import { run } from './command.ts'

const demo = 'demo/main.ts'
const NEVER = new AbortController().signal

describe('npm run demo', function () {
  this.timeout(30_000)
  let live: LiveDemo | undefined
  afterEach(async () => {
    await live?.close()
    live = undefined
  })

  it('prints the address of the page, and ends at once on ctrl-c with everything that it started', async () => {
    const ended = await run(demo, ['--port', '0'], 'Ctrl-C ends the demo')
    assert.match(ended.stdout, /^ {2}http:\/\/localhost:\d+$/m)
    assert.doesNotMatch(ended.stdout, /[A-Za-z0-9-]{20,}/)
    assert.deepEqual(
      { code: ended.code, stderr: ended.stderr, files: ended.files, processes: ended.processes },
      { code: 130, stderr: '', files: [], processes: false },
    )
  })

  it('says that a demo runs already, and where', async () => {
    live = await startLiveDemo({ port: 0, signal: NEVER })
    const { port } = new URL(live.url)
    const { code, stdout, stderr } = await run(demo, ['--port', port])
    assert.deepEqual([code, stdout], [1, ''])
    assert.equal(
      stderr,
      `A demo runs already: http://localhost:${port}. --port starts another one beside it.\n`,
    )
  })

  it('says that another program has the port', async () => {
    const other = createServer((_request, response) => response.end('something else'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    assert.ok(typeof address === 'object' && address !== null)
    const { port } = address
    try {
      const { code, stderr } = await run(demo, ['--port', String(port)])
      assert.equal(code, 1)
      assert.equal(stderr, `Port ${port} is in use by another program. Name a free one with --port.\n`)
    } finally {
      other.close()
    }
  })

  for (const [args, sentence] of [
    [['--port', 'http'], '--port takes a number from 1 to 65535, or 0 for a free one.'],
    [['--check', '--open'], '--check serves no page: leave out --port and --open.'],
  ] as const) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await run(demo, args)
      assert.deepEqual([code, stderr], [2, `${sentence}\n`])
    })
  }

  it('says so if no browser can be opened, and continues', async () => {
    const { stdout, stderr, code } = await run(demo, ['--port', '0', '--open'], 'by hand', {
      PATH: '/nonexistent',
    })
    assert.match(stderr, /^No browser could be opened\. Open http:\/\/localhost:\d+ by hand\.$/m)
    assert.match(stdout, /Ctrl-C/)
    assert.equal(code, 130)
  })

  it('accepts commands only from its own page', async () => {
    live = await startLiveDemo({ port: 0, signal: NEVER })
    const post = (body: string, type: string) =>
      fetch(`${live?.url}/behaviour`, { method: 'POST', headers: { 'content-type': type }, body })
    assert.equal((await post('{"behaviour":"down"}', 'text/plain')).ok, false)
    assert.equal((await post('{"behaviour":"odd"}', 'application/json')).status, 400)
    const state: { behaviour: string } = JSON.parse(await (await fetch(`${live.url}/state`)).text())
    assert.equal(state.behaviour, 'well')
  })
})
