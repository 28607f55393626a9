/** What a helper needs of a test: a place to leave what has to be undone. */
export interface Cleanup {
  after(undo: () => unknown): void
}
