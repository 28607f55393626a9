import type { Cell, Table } from '../../page/blocks.ts'
import { drawShapes } from './draw-chart.ts'
import { inks, makeRoom, type Sheet, type Tag, tagged, untagged } from './sheet.ts'

const padding = 4
const sizes = { text: 7.8, note: 6.6, head: 7.2 } as const

/** A table with its head on every page it goes over. */
export function drawTable(sheet: Sheet, { caption, look, columns, rows }: Table): void {
  const { doc, root } = sheet
  const widths = columnWidths(columns, sheet.width)
  const heights = rows.map((row) =>
    Math.max(...row.map((cell, index) => heightOf(doc, cell, widths[index], index === 0))),
  )
  doc.font('plain').fontSize(sizes.head)
  const captionHeight = doc.heightOfString(caption, { width: sheet.width }) + 4
  doc.font('bold').fontSize(sizes.head)
  const headHeight =
    Math.max(...columns.map(({ title }, index) => doc.heightOfString(title, { width: widths[index] - 2 * padding }))) +
    6
  makeRoom(sheet, captionHeight + headHeight + (heights[0] ?? 0))
  const table = doc.struct('Table')
  root.add(table)
  tagged(sheet, table, 'Caption', () => {
    doc
      .font('plain')
      .fontSize(sizes.head)
      .fillColor(inks.quiet)
      .text(caption, sheet.left, sheet.y, { width: sheet.width })
  })
  sheet.y += captionHeight
  const head = () =>
    columns.forEach(({ title, align }, index) =>
      headCell(sheet, title, align, xOf(sheet, widths, index), widths[index]),
    )
  const first = doc.struct('TR')
  table.add(first)
  columns.forEach(({ title, align }, index) => {
    tagged(sheet, first, 'TH', () => headCell(sheet, title, align, xOf(sheet, widths, index), widths[index]))
  })
  first.end()
  endHead(sheet, headHeight)
  for (const [index, row] of rows.entries()) {
    if (makeRoom(sheet, heights[index])) {
      untagged(sheet, head)
      endHead(sheet, headHeight)
    }
    drawRow(sheet, table, { row, widths, height: heights[index], isHeat: look === 'heat', columns })
  }
  table.end()
  sheet.y += 8
}

interface RowLook {
  readonly row: readonly Cell[]
  readonly widths: readonly number[]
  readonly height: number
  readonly isHeat: boolean
  readonly columns: Table['columns']
}

function drawRow(sheet: Sheet, table: Tag, { row, widths, height, isHeat, columns }: RowLook): void {
  const { doc } = sheet
  const tag = doc.struct('TR')
  table.add(tag)
  for (const [index, cell] of row.entries()) {
    const x = xOf(sheet, widths, index)
    const fill = cell.tone === undefined || cell.tone === 'none' ? undefined : inks[cell.tone]
    if (fill !== undefined) {
      const inset = isHeat ? 0.7 : 1
      untagged(sheet, () => {
        doc.rect(x + inset, sheet.y + inset, widths[index] - 2 * inset, height - 2 * inset).fill(fill)
      })
    }
    tagged(
      sheet,
      tag,
      index === 0 ? 'TH' : 'TD',
      () => drawCell(sheet, cell, x, widths[index], index === 0, columns[index].align),
      cell.chart?.text,
    )
  }
  tag.end()
  sheet.y += height
  if (isHeat) return
  drawRule(sheet, 0.4, inks.line)
}

function drawCell(
  { doc, y }: Sheet,
  { text, note = '', tone, chart }: Cell,
  x: number,
  width: number,
  isHead: boolean,
  align: 'left' | 'right',
): void {
  const options = { width: width - 2 * padding, align }
  if (chart !== undefined) {
    const scale = Math.min(1, options.width / chart.width)
    drawShapes(doc, chart, x + padding, y + 3, scale)
    return
  }
  const isStrong = isHead || tone === 'bad' || tone === 'warn'
  const colour = tone === 'bad' ? inks.paper : inks.ink
  doc
    .font(isStrong ? 'bold' : 'plain')
    .fontSize(sizes.text)
    .fillColor(colour)
    .text(breakable(text), x + padding, y + 3, options)
  if (note !== '') {
    doc
      .font('plain')
      .fontSize(sizes.note)
      .fillColor(tone === 'bad' ? inks.paper : inks.quiet)
      .text(breakable(note), x + padding, doc.y, options)
  }
}

function heightOf(
  doc: PDFKit.PDFDocument,
  { text, note = '', chart, tone }: Cell,
  width: number,
  isHead: boolean,
): number {
  if (chart !== undefined) return chart.height + 6
  const options = { width: width - 2 * padding }
  const isStrong = isHead || tone === 'bad' || tone === 'warn'
  const textHeight = doc
    .font(isStrong ? 'bold' : 'plain')
    .fontSize(sizes.text)
    .heightOfString(breakable(text), options)
  const noteHeight = note === '' ? 0 : doc.font('plain').fontSize(sizes.note).heightOfString(breakable(note), options)
  return textHeight + noteHeight + 6
}

/** Names such as `checkout-availability` may be broken after their hyphens: the library knows; a name without any may not. */
function breakable(text: string): string {
  return text.replace(/\S{28}(?=\S)/g, '$&\u200b')
}

function headCell({ doc, y }: Sheet, title: string, align: 'left' | 'right', x: number, width: number): void {
  doc
    .font('bold')
    .fontSize(sizes.head)
    .fillColor(inks.quiet)
    .text(title, x + padding, y + 2, { width: width - 2 * padding, align })
}

function endHead(sheet: Sheet, height: number): void {
  sheet.y += height
  drawRule(sheet, 0.9, inks.quiet)
}

/** A line across the sheet, where its next row begins. */
function drawRule(sheet: Sheet, lineWidth: number, ink: string): void {
  const { doc, left, width, y } = sheet
  untagged(sheet, () => {
    doc
      .moveTo(left, y)
      .lineTo(left + width, y)
      .lineWidth(lineWidth)
      .strokeColor(ink)
      .stroke()
  })
}

function columnWidths(columns: Table['columns'], width: number): readonly number[] {
  const all = columns.reduce((sum, { weight }) => sum + weight, 0)
  return columns.map(({ weight }) => (weight / all) * width)
}

function xOf({ left }: Sheet, widths: readonly number[], index: number): number {
  return left + widths.slice(0, index).reduce((sum, width) => sum + width, 0)
}
