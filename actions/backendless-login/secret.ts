const PLACEHOLDER = '[secret]'

/**
 * A value that shows itself only where `reveal()` is written: in templates, JSON, `console.log` and error messages it
 * reads `[secret]`. Passwords, keys, tokens, users' identities and whatever else is known of a user live in it.
 */
export class Secret<T = string> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  reveal(): T {
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
