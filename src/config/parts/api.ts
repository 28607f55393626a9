import { type Secret, type SecretSource, secretSourceSchema } from '../../core/model/secret.ts'
import { shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'

/** Draft-07 schema of `api:`. */
const apiSchema = {
  type: 'object',
  properties: { token: { ...secretSourceSchema, description: 'who writes to the API sends it: { env: NAME }' } },
  additionalProperties: false,
} as const

/** What the API asks of those who write to it. */
export interface ApiConfig {
  /** undefined where none was given: then only this machine may write. */
  readonly token: Secret | undefined
}

const hasApiShape = shapeCheck<{ readonly token?: SecretSource }>(apiSchema)
/** Shorter ones are guessed. */
const tokenLengthMin = 16

/** Reads `api:`. */
export function readApi(value: unknown, reading: Reading): ApiConfig {
  if (value === undefined || !hasApiShape(value, '/api', reading.problems) || value.token === undefined) {
    return { token: undefined }
  }
  const part = partReading('/api', reading)
  const token = part.secret(value.token, '/token')
  const isWord = /^[\x21-\x7e]*$/.test(token.reveal())
  if (!isWord) part.report('/token', 'not a token', 'a token is one word of ASCII characters')
  else if (token.reveal().length < tokenLengthMin) {
    part.report(
      '/token',
      `shorter than ${tokenLengthMin} characters`,
      'for example the output of: openssl rand -hex 32',
    )
  }
  return { token }
}
