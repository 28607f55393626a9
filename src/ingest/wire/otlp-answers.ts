import { BackwardWriter } from './otlp-writer.ts'
import { wireType } from './protobuf.ts'

/** What a sender is told of points that were not taken. */
export interface PartialSuccess {
  readonly rejectedDataPoints: number
  readonly errorMessage: string
}

/** ExportMetricsServiceResponse in protobuf; empty when everything was taken. */
export function exportResponse(partial: PartialSuccess | undefined): Uint8Array {
  const writer = new BackwardWriter()
  if (partial === undefined) return writer.finish()
  writeText(writer, 2, partial.errorMessage)
  if (partial.rejectedDataPoints > 0) {
    writer.varint(BigInt(partial.rejectedDataPoints))
    writer.tag(1, wireType.varint)
  }
  writer.varint(BigInt(writer.length))
  writer.tag(1, wireType.bytes)
  return writer.finish()
}

/** The same in JSON, where a 64-bit number is a text. */
export function exportResponseJson(partial: PartialSuccess | undefined): string {
  if (partial === undefined) return '{}'
  const { rejectedDataPoints, errorMessage } = partial
  return JSON.stringify({ partialSuccess: { rejectedDataPoints: String(rejectedDataPoints), errorMessage } })
}

/** google.rpc.Status in protobuf: why a request was refused, and after which time it may be sent again. */
export function rpcStatus(code: number, message: string, retryAfterMs?: number): Uint8Array {
  const writer = new BackwardWriter()
  if (retryAfterMs !== undefined) writeRetryInfo(writer, retryAfterMs)
  writeText(writer, 2, message)
  writer.varint(BigInt(code))
  writer.tag(1, wireType.varint)
  return writer.finish()
}

/** The same in JSON. */
export function rpcStatusJson(code: number, message: string): string {
  return JSON.stringify({ code, message })
}

/** google.rpc.RetryInfo as a detail: google.protobuf.Any of type and value, the value a Duration. */
function writeRetryInfo(writer: BackwardWriter, retryAfterMs: number): void {
  const end = writer.length
  writer.varint(BigInt(Math.round((retryAfterMs % 1_000) * 1e6)))
  writer.tag(2, wireType.varint)
  writer.varint(BigInt(Math.floor(retryAfterMs / 1_000)))
  writer.tag(1, wireType.varint)
  writer.head(1, end)
  writer.head(2, end)
  writeText(writer, 1, 'type.googleapis.com/google.rpc.RetryInfo')
  writer.head(3, end)
}

function writeText(writer: BackwardWriter, field: number, text: string): void {
  const end = writer.length
  writer.text(text)
  writer.head(field, end)
}
