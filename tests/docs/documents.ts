// The project's Markdown: its files, command blocks, headings, links and tables.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../engine/engine.ts'

/** A fenced block. `sh` runs anywhere; `sh real-tenant` needs an account. */
export interface Block {
  readonly language: string
  readonly mark: string
  readonly text: string
}

const FENCE = /^( *)```(\S*) ?(.*)\n([\s\S]*?)^\1```$/gm

export function read(document: string): string {
  return readFileSync(join(PROJECT_ROOT, document), 'utf8')
}

/** Every Markdown file, relative to the project. */
export function documents(): string[] {
  return ['', '.github', 'docs', 'examples'].flatMap((folder) =>
    readdirSync(join(PROJECT_ROOT, folder), { recursive: folder !== '', encoding: 'utf8' })
      .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  )
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(FENCE)].map(([, indent = '', language = '', mark = '', body = '']) => ({
    language,
    mark: mark.trim(),
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
}

/** Returns the blocks that a reader can try without an account. */
export function commandsOf(document: string): string[] {
  return blocksOf(read(document))
    .filter(({ language, mark }) => language === 'sh' && mark === '')
    .map(({ text }) => text)
}

/** Returns the anchors of the headings, as GitHub makes them. */
export function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  for (const [, heading = ''] of markdown.replaceAll(FENCE, '').matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    anchors.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return anchors
}

/** Returns the targets of links and images, outside of code. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(FENCE, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** Returns the rows of the first table below a heading, each as its cells, without the head. */
export function tableBelow(markdown: string, heading: string): string[][] {
  const [, section = ''] = markdown.split(`\n${heading}\n`)
  const [table = ''] = section.match(/^\|.*\|$(\n\|.*\|$)+/m) ?? []
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    )
}
