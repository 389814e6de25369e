// The project's Markdown: its files, command blocks, headings, links and tables.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROJECT_ROOT } from '../engine/engine.ts'

/** A fenced block. `sh` alone runs anywhere; `sh real-tenant` needs an account that is not here. */
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

/** The commands that a reader can try without an account. */
export function commandsOf(document: string): string[] {
  return blocksOf(read(document))
    .filter(({ language, mark }) => language === 'sh' && mark === '')
    .map(({ text }) => text)
}

/** What a link may name after `#`, as GitHub makes it of the headings. */
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

/** Targets of links and images, outside of code. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(FENCE, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
}

/** The rows of the first table below a heading, each as its cells; the head is left out. */
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
