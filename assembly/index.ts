// The hot path of remote write as a WebAssembly module. It does what src/ingest/wire/snappy.ts, remote-write-v1.ts and
// src/ingest/series-cache.ts do, for the requests that senders send all day, and leaves the rest to them.
export {
  batchCapacity,
  batchRefs,
  batchStale,
  batchStarts,
  batchTimes,
  batchValues,
  input,
  inputMax,
  key,
  keyMax,
  outCurrent,
  outDropped,
  outLength,
  output,
  outReason,
  outReceived,
  table,
} from './layout'
export { decompress } from './snappy'
export { add, find, follow, forgetRefs, makeRoom, open, ref, setRef, size, sweep } from './table'
export { advance } from './write-request'
export { advanceV2, findSymbols } from './write-request-v2'
