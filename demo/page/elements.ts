// Finds and fills the elements of index.html.

/** @throws Error if index.html has no such element. */
export function element<Type extends HTMLElement = HTMLElement>(id: string, type?: new () => Type): Type {
  const found = document.getElementById(id)
  if (!found || (type && !(found instanceof type))) throw new Error(`The page has no ${id}.`)
  return found as Type
}

export function show(id: string, shown: boolean): void {
  element(id).hidden = !shown
}

/** Shows a sentence, which screen readers announce, in the element with this id or `data-status`. Empty: hides the element. */
export function say(id: string, text: string): void {
  const place = document.querySelector<HTMLElement>(`[data-status="${id}"]`) ?? element(id)
  place.textContent = text
  place.hidden = text === ''
}

export function make(tag: string, className: string, text = ''): HTMLElement {
  const made = document.createElement(tag)
  made.className = className
  made.textContent = text
  return made
}

/** Fills a list with names and values. `marked`: the name whose value is highlighted. */
export function fill(id: string, entries: readonly (readonly [string, string])[], marked?: string): void {
  const list = element(id)
  list.replaceChildren(
    ...entries.flatMap(([name, value]) => {
      const definition = document.createElement('dd')
      definition.append(name === marked ? make('span', 'token', value) : value)
      return [make('dt', '', name), definition]
    }),
  )
}

/** Sends a command or a request to the demo's server. @throws Error with the server's message. */
export async function ask<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(path, {
    method: body ? 'POST' : 'GET',
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  })
  const answer = await response.json()
  if (!response.ok)
    throw new Error(typeof answer?.message === 'string' ? answer.message : 'The demo does not answer.')
  return answer
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
