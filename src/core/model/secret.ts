/**
 * A value that must not be seen: a token, a password, a URL with credentials. It prints as `<secret>` in text, JSON,
 * logs and `console.log`; the value itself lives in a closure, so no serializer finds it.
 */
export interface Secret {
  /** The value, for the one line that uses it: never keep it in a variable that outlives the call. */
  reveal(): string
  toString(): string
  toJSON(): string
}

/** Where a configuration takes a secret from: written out, an environment variable or a file. */
export type SecretSource = string | { readonly env: string } | { readonly file: string }

/** The draft-07 schema of a secret in any configuration. */
export const secretSourceSchema = {
  description: 'A secret: { env: NAME } or { file: PATH } keep it out of this file.',
  oneOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      properties: { env: { type: 'string', minLength: 1, description: 'Name of an environment variable.' } },
      required: ['env'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { file: { type: 'string', minLength: 1, description: 'Path of a file that holds only the secret.' } },
      required: ['file'],
      additionalProperties: false,
    },
  ],
} as const

/** Wraps a value so that only `reveal` gives it back. */
export function secret(value: string): Secret {
  return Object.freeze({
    reveal: () => value,
    toString: redacted,
    toJSON: redacted,
    [Symbol.for('nodejs.util.inspect.custom')]: redacted,
  })
}

function redacted(): string {
  return '<secret>'
}
