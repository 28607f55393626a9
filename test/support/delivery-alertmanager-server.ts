import type { Cleanup } from './cleanup.ts'
import { answerWith, type HttpFarSide, httpFarSide, type Reaction } from './delivery-http-server.ts'

/** One alert as it was posted. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  readonly endsAt: string
  readonly generatorURL: string
}

/** A server that takes alerts by the rules of Alertmanager's API v2: it keeps the good ones and answers 400 for the bad. */
export interface AlertmanagerFarSide {
  readonly http: HttpFarSide
  readonly posts: readonly { readonly identity: string; readonly alerts: readonly PostedAlert[] }[]
  readonly kept: readonly PostedAlert[]
  readonly violations: readonly string[]
  /** Works as Alertmanager does; the way it starts. */
  readonly work: Reaction
}

export async function alertmanagerFarSide(t: Cleanup, token: string): Promise<AlertmanagerFarSide> {
  const posts: { identity: string; alerts: readonly PostedAlert[] }[] = []
  const kept: PostedAlert[] = []
  const violations: string[] = []

  const work: Reaction = (request, response) => {
    if (request.path !== '/api/v2/alerts') violations.push(`posted to ${request.path}`)
    if (request.headers.authorization !== `Bearer ${token}`) return answerWith(401)(request, response)
    const alerts: PostedAlert[] = JSON.parse(request.body)
    const problems = alerts.map(problemOf)
    kept.push(...alerts.filter((_, index) => problems[index] === undefined))
    violations.push(...problems.filter((problem) => problem !== undefined))
    const [first] = alerts
    posts.push({ identity: `${JSON.stringify(first?.labels)} until ${first?.endsAt}`, alerts })
    answerWith(problems.every((problem) => problem === undefined) ? 200 : 400)(request, response)
  }
  const http = await httpFarSide(t, work)
  return { http, posts, kept, violations, work }
}

function problemOf({ labels, annotations, startsAt, endsAt }: PostedAlert): string | undefined {
  const names = [...Object.keys(labels), ...Object.keys(annotations)]
  const bad = names.find((name) => !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name))
  if (bad !== undefined) return `the name ${bad}`
  if (Object.keys(labels).length === 0 || Object.values(labels).includes('')) return 'labels without names or values'
  return Date.parse(endsAt) < Date.parse(startsAt) ? 'it ends before it starts' : undefined
}
