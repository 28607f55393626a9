// Where everything stands in the memory of an instance, from which src/ingest/remote-write/fast-module.ts reads it.

/** Results of a call that are more than one number. */
export const outReason: usize = 64
export const outCurrent: usize = 68
export const outLength: usize = 72
export const outReceived: usize = 76
export const outDropped: usize = 80

/** The samples found, as parallel arrays. */
export const batchCapacity: u32 = 4_096
export const batchTimes: usize = 1_024
export const batchValues: usize = batchTimes + 8 * batchCapacity
export const batchStarts: usize = batchValues + 8 * batchCapacity
export const batchRefs: usize = batchStarts + 8 * batchCapacity
export const batchStale: usize = batchRefs + 4 * batchCapacity

/** Series that are looked up side by side, 48 bytes each. */
export const aheadMax: u32 = 32
export const ahead: usize = batchStale + batchCapacity

/** Copies in large words may read and write so far past the end of a buffer. */
export const slack: usize = 64

/** A compressed body. */
export const inputMax: usize = 2 * 1024 * 1024
export const input: usize = 128 * 1024

/** A key that does not stand in a message. */
export const keyMax: usize = 512 * 1024
export const key: usize = input + inputMax + slack

/** A message, decompressed. */
export const outputMax: usize = 8 * 1024 * 1024
export const output: usize = key + keyMax + slack

/** Where the texts of a 2.0 request stand in its message: start and length of each. */
export const symbolsMax: u32 = 65_536
export const symbols: usize = output + outputMax + slack

/** Series and their index. */
export const table: usize = symbols + 8 * <usize>symbolsMax
