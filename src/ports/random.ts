/** A number in [0, 1): jitter and nothing else. */
export type Random = () => number
