// The frame of the tenant's pages: plain HTML without scripts, for keyboards, phones, and light and dark mode.

const STYLE = `
:root { color-scheme: light dark; --ink: #1a1d21; --soft: #5b6470; --ground: #f3f5f7; --sheet: #fff; --line: #8a939e;
  --accent: #1d4ed8; --on-accent: #fff; --alarm: #b42318 }
@media (prefers-color-scheme: dark) { :root { --ink: #eceff2; --soft: #aab3bd; --ground: #14171a; --sheet: #1f2429;
  --line: #77818c; --accent: #93b4ff; --on-accent: #10151d; --alarm: #ffa198 } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: var(--sheet); border-radius: .75rem }
h1 { margin: 0; font-size: 1.4rem } h2 { margin: 1.75rem 0 0; font-size: 1.1rem }
h3 { margin: 1rem 0 0; font-size: .9rem } h3 span { font-weight: 400 }
p { margin: .5rem 0 } .soft { color: var(--soft); font-size: .9rem }
label { display: block; margin-top: .75rem; font-weight: 600 }
label.check { display: flex; gap: .5rem; font-weight: 400 }
input:not([type=checkbox]) { width: 100%; padding: .6rem; font: inherit; color: inherit; background: var(--sheet);
  border: 1px solid var(--line); border-radius: .4rem }
button { width: 100%; margin-top: 1rem; padding: .65rem; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent); border: 1px solid var(--accent); border-radius: .4rem; cursor: pointer }
ul { list-style: none; margin: 0; padding: 0 }
li button { margin-top: .5rem; text-align: left; font-weight: 400; color: var(--ink); background: none;
  border-color: var(--line); overflow-wrap: anywhere }
li button small { display: block; color: var(--soft) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
summary { margin-top: 1.75rem; font-weight: 600; cursor: pointer }
[role=alert] { margin: 1rem 0 0; padding: .6rem .75rem; color: var(--alarm); border: 1px solid; border-radius: .4rem }
code { font-size: .95em; white-space: nowrap }`

/** Returns a document. `title` is text, `body` is markup. */
export function document(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for markup and for quoted attributes. */
export function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}

/** Headers of a page that loads nothing and that no other page may frame. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
}
