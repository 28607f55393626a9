/** How many series are counted, and for what. */
export interface CardinalityJson {
  readonly series: number
  readonly targets: number
  readonly refused: number
  readonly slos: readonly CardinalityLineJson[]
  readonly metrics: readonly CardinalityLineJson[]
  readonly sources: readonly CardinalityLineJson[]
}

/** One of those with most series. */
export interface CardinalityLineJson {
  readonly name: string
  readonly series: number
}
