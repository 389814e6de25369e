const PLACEHOLDER = '[secret]'

/**
 * A string that shows itself only where `reveal()` is written: in templates, JSON, `console.log` and error messages it
 * reads `[secret]`. Passwords, keys, tokens and users' identities live in it.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return PLACEHOLDER
  }

  toJSON(): string {
    return PLACEHOLDER
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PLACEHOLDER
  }
}
