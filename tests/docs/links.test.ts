import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { PROJECT_ROOT } from '../engine/engine.ts'
import { anchorsOf, blocksOf, documents, linksOf, read } from './documents.ts'

/** The languages of blocks, with the words that may follow. */
const FENCES = new Set(['', 'sh', 'sh real-tenant', 'ts', 'json', 'yaml', 'mermaid'])

describe('the documents', () => {
  it('are found', () => {
    for (const name of ['README.md', 'docs/runbook.md', 'examples/client/README.md']) {
      assert.ok(documents().includes(name), name)
    }
  })

  for (const document of documents()) {
    it(`link to what exists: ${document}`, () => {
      const broken = linksOf(read(document)).filter((target) => !leadsSomewhere(document, target))
      assert.deepEqual(broken, [])
    })

    it(`mark their blocks as contributing.md says: ${document}`, () => {
      const fences = blocksOf(read(document)).map(({ language, mark }) => `${language} ${mark}`.trim())
      assert.deepEqual(
        fences.filter((fence) => !FENCES.has(fence)),
        [],
      )
    })
  }

  it('are all reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const document of reached) {
      for (const target of linksOf(read(document))) {
        const path = pathOf(document, target)
        if (documents().includes(path)) reached.add(path)
      }
    }
    assert.deepEqual(
      documents().filter((document) => !reached.has(document)),
      [],
    )
  })
})

function leadsSomewhere(document: string, target: string): boolean {
  if (/^https?:/.test(target)) return true
  const path = pathOf(document, target)
  const [, anchor] = target.split('#')
  if (!existsSync(join(PROJECT_ROOT, path))) return false
  return anchor === undefined || anchorsOf(read(path)).has(anchor)
}

function pathOf(document: string, target: string): string {
  const [path = ''] = target.split('#')
  return path === '' ? document : normalize(join(dirname(document), path))
}
