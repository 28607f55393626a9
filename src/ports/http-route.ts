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
  /**
   * Asked before the body of a push is read: an answer ends the request with its body unread. A request that is let through is
   * handled like any other.
   */
  refusal?(head: HttpHead): HttpAnswer | undefined
  handle(request: HttpRequest): Promise<HttpAnswer> | HttpAnswer
}

/** What a request says of itself before its body. */
export interface HttpHead {
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

export interface HttpRequest extends HttpHead {
  readonly params: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface HttpAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}
