import assert from 'node:assert/strict'
import { Progress } from '../../operations/passwords/progress.ts'

describe('Progress', () => {
  function shown(isTTY: boolean): string {
    let text = ''
    let now = 0
    const output = {
      isTTY,
      write: (part: string) => {
        text += part
      },
    }
    const progress = new Progress(output, () => now)
    progress.start(100)
    for (let user = 0; user < 25; user += 1) {
      now += 500
      progress.step()
    }
    progress.end()
    return text
  }

  it('writes a line every ten seconds where there is no terminal', () => {
    assert.equal(
      shown(false),
      '20/100 users, 2.0 a second, 0:40 left\n25/100 users, 2.0 a second, 0:38 left\n',
    )
  })

  it('draws a bar on a terminal, over itself', () => {
    const text = shown(true)
    assert.ok(
      text.endsWith(`\r\u001b[K${'█'.repeat(6)}${'░'.repeat(18)} 25/100 users, 2.0 a second, 0:38 left\n`),
    )
    assert.equal(text.match(/\n/g)?.length, 1)
  })
})
