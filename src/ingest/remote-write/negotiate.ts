import type { HttpAnswer, HttpRequest } from '../../ports/http-route.ts'
import { headerText, shownHeader } from '../http-header.ts'
import { textAnswer } from './answer.ts'

/** The version of the message that a request holds. */
export type MessageVersion = 1 | 2

const mediaType = 'application/x-protobuf'

/** The messages by the name that `proto=` gives; without it, it is version 1. */
const versions: ReadonlyMap<string, MessageVersion> = new Map([
  ['prometheus.WriteRequest', 1],
  ['io.prometheus.write.v2.Request', 2],
])

/** The version of a request, or an answer to one in a form that is not understood, which says which ones are. */
export function negotiate({ headers }: Pick<HttpRequest, 'headers'>): MessageVersion | HttpAnswer {
  const contentType = headerText(headers['content-type'])
  const version = usual.get(contentType) ?? versionOf(contentType)
  if (version === undefined) {
    const known = [...versions.keys()].map((name) => `${mediaType};proto=${name}`).join(' or ')
    return textAnswer(415, `Content-Type ${shownHeader(contentType)}: send ${known}`)
  }
  const encoding = headerText(headers['content-encoding'])
  if (encoding === 'snappy' || encoding.trim().toLowerCase() === 'snappy') return version
  return textAnswer(415, `Content-Encoding ${shownHeader(encoding)}: send snappy, in its block format`)
}

/** As senders write them. */
const usual: ReadonlyMap<string, MessageVersion> = new Map([
  [mediaType, 1],
  [`${mediaType};proto=prometheus.WriteRequest`, 1],
  [`${mediaType};proto=io.prometheus.write.v2.Request`, 2],
])

function versionOf(contentType: string): MessageVersion | undefined {
  const [type, ...parameters] = contentType.split(';').map((part) => part.trim())
  if (type.toLowerCase() !== mediaType) return undefined
  const message = parameters.find((parameter) => /^proto=/i.test(parameter))?.slice('proto='.length)
  return message === undefined ? 1 : versions.get(message.replaceAll('"', ''))
}
