import { exemplarIdLengthMax } from '../../core/model/limits.ts'

/** The labels of an exemplar that lead to a trace. */
export interface ExemplarIds {
  traceId: string | undefined
  spanId: string | undefined
}

/** Those of an exemplar without any. */
export function noIds(): ExemplarIds {
  return { traceId: undefined, spanId: undefined }
}

/** Takes one label of an exemplar: libraries spell it `trace_id`, `traceID` or `traceId`. */
export function takeId(ids: ExemplarIds, name: string, value: string): void {
  if (value.length > exemplarIdLengthMax) return
  const word = name.toLowerCase().replaceAll('_', '')
  if (word === 'traceid') ids.traceId = value
  else if (word === 'spanid') ids.spanId = value
}
