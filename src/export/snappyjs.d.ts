/** snappyjs brings no types; only its compression is used. */
declare module 'snappyjs' {
  const snappy: {
    /** One block of the snappy block format. */
    compress(bytes: Uint8Array): Uint8Array
  }
  export default snappy
}
