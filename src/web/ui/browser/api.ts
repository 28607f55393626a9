/** Why the engine did not do what it was asked. */
export class ApiProblem extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const patienceMs = 15_000
const tokenKey = 'sloburn-api-token'

interface Envelope<Data> {
  readonly status: string
  readonly data: Data
}

/** Answers since the last turn: drawing the same again, as for a crosshair, asks nobody. */
const answers = new Map<string, Promise<string>>()

/** The next questions are put to the engine again. */
export function forgetAnswers(): void {
  answers.clear()
}

/** What the API answers to a question. Throws an ApiProblem with the engine's own words, or what kept it from answering. */
export async function ask<Data>(path: string, parts: Readonly<Record<string, string>> = {}): Promise<Data> {
  return await call('GET', withQuery(path, parts), undefined)
}

/** Asks with one part given several times. */
export async function askMany<Data>(path: string, name: string, values: readonly string[]): Promise<Data> {
  return await call('GET', `${path}?${new URLSearchParams(values.map((value) => [name, value]))}`, undefined)
}

/** Has the engine do something. */
export async function post<Data>(path: string, body: unknown): Promise<Data> {
  return await call('POST', path, JSON.stringify(body))
}

/** Has the engine end something. */
export async function remove<Data>(path: string, parts: Readonly<Record<string, string>>): Promise<Data> {
  return await call('DELETE', withQuery(path, parts), undefined)
}

/** Keeps the token that writes need until this tab is closed. */
export function keepToken(token: string): void {
  sessionStorage.setItem(tokenKey, token)
}

/** Forgets the token. */
export function forgetToken(): void {
  sessionStorage.removeItem(tokenKey)
}

/** Whether a token is kept in this tab. */
export function hasToken(): boolean {
  return sessionStorage.getItem(tokenKey) !== null
}

async function call<Data>(method: string, path: string, body: string | undefined): Promise<Data> {
  if (method !== 'GET') answers.clear()
  const known = method === 'GET' ? answers.get(path) : undefined
  const answer = known ?? send(method, path, body)
  if (method === 'GET') answers.set(path, answer)
  const told: Envelope<Data> = JSON.parse(await answer)
  return told.data
}

async function send(method: string, path: string, body: string | undefined): Promise<string> {
  const token = method === 'GET' ? null : sessionStorage.getItem(tokenKey)
  const headers = new Headers(body === undefined ? {} : { 'content-type': 'application/json' })
  if (token !== null) headers.set('authorization', `Bearer ${token}`)
  const answer = await fetch(path, {
    method,
    headers,
    cache: 'no-store',
    signal: AbortSignal.timeout(patienceMs),
    ...(body === undefined ? {} : { body }),
  })
  const text = await answer.text()
  if (!answer.ok) throw new ApiProblem(answer.status, reasonIn(text) ?? `the engine answered ${answer.status}`)
  return text
}

/** The engine's own words; what stands between it and the reader may answer in others. */
function reasonIn(text: string): string | undefined {
  try {
    const { error }: { readonly error?: string } = JSON.parse(text)
    return error
  } catch {
    return undefined
  }
}

function withQuery(path: string, parts: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parts).toString()
  return query === '' ? path : `${path}?${query}`
}
