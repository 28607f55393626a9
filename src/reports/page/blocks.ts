import type { Chart } from '../chart/shapes.ts'

/** Told by a word and a shade, never by colour alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'none'

/** One part of a page. Every renderer draws the same list. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly startsPage: boolean }
  | { readonly kind: 'verdict'; readonly text: string; readonly tone: Tone }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tiles'; readonly tiles: readonly Tile[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'charts'; readonly charts: readonly Chart[] }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }

/** One figure that stands out. */
export interface Tile {
  readonly label: string
  readonly value: string
  readonly note: string
}

/** A table; `heat` shades its cells by their tone. */
export interface Table {
  readonly caption: string
  readonly look: 'plain' | 'heat'
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right'; readonly weight: number }[]
  readonly rows: readonly (readonly Cell[])[]
}

/** One cell of a table. */
export interface Cell {
  readonly text: string
  readonly tone?: Tone
  /** A second, smaller line; a phone shows it too. */
  readonly note?: string
  readonly chart?: Chart
  readonly link?: string
}

/** A thing with its explanation. */
export interface ListItem {
  readonly title: string
  readonly lines: readonly string[]
}

/** A whole report in words. */
export interface Page {
  readonly title: string
  readonly subtitle: string
  readonly accent: string
  readonly footer: string
  readonly language: 'en'
  readonly blocks: readonly Block[]
}
