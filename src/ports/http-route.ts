/** One HTTP endpoint, free of any HTTP framework, so that ingest protocols can offer theirs to the web server. */
export interface HttpRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** `:name` marks a parameter. */
  readonly path: string
  readonly bodyBytesMax?: number
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
