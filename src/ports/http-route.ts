/** One HTTP endpoint, free of any HTTP framework, so that ingest protocols can offer theirs to the web server. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `:name` marks a parameter. */
  readonly path: string
  readonly bodyBytesMax?: number
  /** Changes something: only those who may write are let through. `from-afar`: who reaches an engine on loopback may always. */
  readonly isWrite?: boolean | 'from-afar'
  /** `handle` answers at once and looks at the body no more afterwards, so that its buffer may be used again. */
  readonly readsBodyAtOnce?: boolean
  handle(request: HttpRequest): Promise<HttpAnswer> | HttpAnswer
}

export interface HttpRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

export interface HttpAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}
