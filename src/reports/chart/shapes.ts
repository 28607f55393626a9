/** A drawing that is put on a web page as SVG and drawn into a PDF; y grows downwards. */
export interface Chart {
  readonly title: string
  /** What it shows, for those who cannot see it. */
  readonly text: string
  readonly width: number
  readonly height: number
  readonly shapes: readonly Shape[]
}

export type Ink = 'line' | 'guide' | 'accent' | 'bad'

/** One thing that is drawn, in the units of its chart. */
export type Shape =
  | {
      readonly kind: 'path'
      readonly points: readonly Point[]
      readonly ink: Ink
      readonly dashed: boolean
      readonly weight: number
    }
  | { readonly kind: 'area'; readonly points: readonly Point[] }
  | { readonly kind: 'dot'; readonly at: Point; readonly ink: Ink }
  | { readonly kind: 'label'; readonly at: Point; readonly text: string; readonly anchor: 'start' | 'end' }

export interface Point {
  readonly x: number
  readonly y: number
}

/** Two decimals are finer than any screen, and keep bytes the same from one machine to the next. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
