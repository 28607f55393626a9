/** What happened to one sample. */
export type Appended =
  | 'accepted'
  | 'reset'
  | 'out-of-order'
  | 'duplicate'
  | 'too-old'
  | 'not-a-number'
  | 'negative'
  | 'overlapping'
