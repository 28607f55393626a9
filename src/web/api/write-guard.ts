import type { Secret } from '../../core/model/secret.ts'
import type { HttpAnswer, HttpRequest, HttpRoute } from '../../ports/http-route.ts'
import { errorAnswer } from './json-answer.ts'
import { sameText } from './same-text.ts'

/** Who may write to the API. */
export interface WriteAccess {
  /** Sent as `Authorization: Bearer …`; undefined where none is configured. */
  readonly token: Secret | undefined
  /** Whether only programs on this machine reach the API. */
  readonly isLocal: boolean
}

/** Told of every write that was refused, so that somebody hears of who tries. */
export type RefusedWrite = (route: Pick<HttpRoute, 'method' | 'path'>, answer: HttpAnswer) => void

/**
 * The routes, with those that write refusing whoever may not: with a token, all who do not send it; without one, everybody beyond
 * this machine, and every web page, which must not act on behalf of who looks at it. `access` is asked at each request, because
 * a reload may change it.
 */
export function guardWrites(
  routes: readonly HttpRoute[],
  access: () => WriteAccess,
  onRefused: RefusedWrite = () => {},
): readonly HttpRoute[] {
  return routes.map((route) => {
    const { isWrite = false } = route
    if (isWrite === false) return route
    return {
      ...route,
      handle: (request) => {
        const who = access()
        const isOpen = isWrite === 'from-afar' && who.isLocal
        const refused = isOpen ? undefined : refusal(route, request, who)
        if (refused === undefined) return route.handle(request)
        onRefused(route, refused)
        return refused
      },
    }
  })
}

function refusal(
  { method }: HttpRoute,
  { headers }: HttpRequest,
  { token, isLocal }: WriteAccess,
): HttpAnswer | undefined {
  if (token !== undefined) {
    const sent = /^Bearer (.+)$/.exec(textOf(headers['authorization']))?.[1]
    if (sent === undefined)
      return unauthorized('a write needs the header Authorization: Bearer …, with the token of api.token')
    return sameText(sent, token.reveal()) ? undefined : unauthorized('this is not the token of api.token')
  }
  if (!isLocal) {
    const reason = 'writes are refused: the engine listens beyond this machine and the config has no api.token'
    return errorAnswer(403, reason)
  }
  if (isFromAnotherPage(headers)) return errorAnswer(403, 'writes of web pages are refused without api.token')
  // A form cannot send this type, and a script of another site has to ask first, which is refused.
  const isJson = /^application\/json\b/i.test(textOf(headers['content-type']))
  if (method === 'POST' && !isJson) return errorAnswer(415, 'the body must be sent as application/json')
  return undefined
}

/** Browsers say where a request comes from; a name that somebody points to this machine is not ours. */
function isFromAnotherPage(headers: HttpRequest['headers']): boolean {
  const site = textOf(headers['sec-fetch-site'])
  if (site !== '' && site !== 'same-origin' && site !== 'none') return true
  const host = textOf(headers['host'])
  if (!/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host)) return true
  const origin = textOf(headers['origin'])
  return origin !== '' && origin !== `http://${host}` && origin !== `https://${host}`
}

function unauthorized(reason: string): HttpAnswer {
  const answer = errorAnswer(401, reason)
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Bearer realm="sloburn"' } }
}

function textOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' ? header : ''
}
