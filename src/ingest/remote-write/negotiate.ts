import type { HttpAnswer, HttpRequest } from '../../ports/http-route.ts'
import { textAnswer } from './answer.ts'

const mediaType = 'application/x-protobuf'
const messageType = 'prometheus.WriteRequest'

/** Refuses a request in a form that is not understood, and says which one is; undefined when all is well. */
export function negotiate({ headers }: HttpRequest): HttpAnswer | undefined {
  const contentType = headerText(headers['content-type'])
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim())
  const message = parameters.find((parameter) => /^proto=/i.test(parameter))?.slice('proto='.length)
  if (type.toLowerCase() !== mediaType || (message ?? messageType).replaceAll('"', '') !== messageType) {
    return textAnswer(
      415,
      `Content-Type ${shown(contentType)}: send ${mediaType};proto=${messageType} (remote write 1.0)`,
    )
  }
  const encoding = headerText(headers['content-encoding'])
  if (encoding.trim().toLowerCase() === 'snappy') return undefined
  return textAnswer(415, `Content-Encoding ${shown(encoding)}: send snappy, in its block format`)
}

function headerText(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '')
}

function shown(value: string): string {
  return value === '' ? 'is missing' : `${JSON.stringify(value.slice(0, 200))} is not understood`
}
