const PLACEHOLDER = '[secret]'

/**
 * Holds a value that must not be shown by accident: a password, a key, a token, a user's identity or attributes. Only
 * `reveal()` returns the value. Templates, JSON, `console.log` and error messages show `[secret]`.
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
