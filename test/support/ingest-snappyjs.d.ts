/** snappyjs brings no types. */
declare module 'snappyjs' {
  const snappy: {
    compress(bytes: Uint8Array): Uint8Array
    /** Throws when the bytes are no snappy block. */
    uncompress(bytes: Uint8Array): Uint8Array
  }
  export default snappy
}
