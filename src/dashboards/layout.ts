import type { Panel, Row } from './dashboard.ts'

/** A row with the places of its panels. */
export interface PlacedRow {
  readonly row: Row
  /** The line of its heading. */
  readonly y: number
  readonly panels: readonly PlacedPanel[]
}

/** A panel with its place; `y` counts from the first line below the heading. */
export interface PlacedPanel {
  readonly panel: Panel
  /** The same for as long as dashboard, row and title are, so that one new panel does not renumber the others. */
  readonly id: number
  readonly x: number
  readonly y: number
  readonly width: number
}

/** Grafana's grid. */
export const gridColumns = 24

/** Puts panels one beside the other into lines, each as high as its highest panel, and rows below each other. */
export function placed(uid: string, rows: readonly Row[]): readonly PlacedRow[] {
  const taken = new Set<number>()
  let y = 0
  return rows.map((row) => {
    const panels = placedPanels(row, `${uid}/${row.title}`, taken)
    const at = y
    y += 1 + Math.max(0, ...panels.map((one) => one.y + one.panel.height))
    return { row, y: at, panels }
  })
}

function placedPanels({ panels }: Row, path: string, taken: Set<number>): readonly PlacedPanel[] {
  let y = 0
  return lines(panels).flatMap((line) => {
    const at = y
    y += Math.max(...line.map(({ height }) => height))
    return line.map((panel, index) => {
      const x = widthOf(line.slice(0, index))
      // The last one of a line takes what is left of it.
      const width = index === line.length - 1 ? gridColumns - x : panel.width
      return { panel, id: freeId(`${path}/${panel.title}`, taken), x, y: at, width }
    })
  })
}

function lines(panels: readonly Panel[]): readonly (readonly Panel[])[] {
  const found: Panel[][] = []
  for (const panel of panels) {
    const current = found.at(-1)
    if (current !== undefined && widthOf(current) + panel.width <= gridColumns) current.push(panel)
    else found.push([panel])
  }
  return found
}

function widthOf(panels: readonly Panel[]): number {
  return panels.reduce((sum, { width }) => sum + width, 0)
}

/** A number for a name; where two names have the same, the later one takes the next. */
export function freeId(name: string, taken: Set<number>): number {
  let id = hash(name)
  while (taken.has(id)) id++
  taken.add(id)
  return id
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), folded to what is easily read. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return 1 + (value % 1_000_000)
}
