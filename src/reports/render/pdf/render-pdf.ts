import type { EpochMs } from '../../../core/model/units.ts'
import type { Block, ListItem, Page, Tile } from '../../page/blocks.ts'
import { drawCharts } from './draw-chart.ts'
import { drawTable } from './draw-table.ts'
import { closeSheet, inks, makeRoom, newPage, openSheet, type Sheet, tagged, untagged } from './sheet.ts'

/** The page as a tagged PDF on A4, with page numbers; `at` is the date that it bears. */
export async function renderPdf(page: Page, at: EpochMs): Promise<Uint8Array> {
  const sheet = openSheet(page, at)
  paragraph(sheet, 'H1', page.title, { font: 'bold', size: 17, colour: inks.ink, after: 2 })
  paragraph(sheet, 'P', page.subtitle, { font: 'plain', size: 8.5, colour: inks.quiet, after: 10 })
  for (const block of page.blocks) drawBlock(sheet, block)
  return closeSheet(sheet, page.footer === '' ? page.title : page.footer)
}

function drawBlock(sheet: Sheet, block: Block): void {
  switch (block.kind) {
    case 'heading':
      return heading(sheet, block.text, block.startsPage)
    case 'verdict':
      return verdict(
        sheet,
        block.text,
        block.tone === 'bad' ? inks.bad : block.tone === 'good' ? '#2b7a3f' : inks.quiet,
      )
    case 'text':
      return paragraph(sheet, 'P', block.text, { font: 'plain', size: 8.5, colour: inks.ink, after: 6 })
    case 'tiles':
      return tiles(sheet, block.tiles)
    case 'table':
      return drawTable(sheet, block.table)
    case 'charts':
      return drawCharts(sheet, block.charts)
    case 'list':
      for (const item of block.items) listItem(sheet, item)
  }
}

interface Style {
  readonly font: 'plain' | 'bold'
  readonly size: number
  readonly colour: string
  readonly after: number
  readonly indent?: number
}

function paragraph(sheet: Sheet, tag: string, text: string, { font, size, colour, after, indent = 0 }: Style): void {
  const { doc, left } = sheet
  const width = sheet.width - indent
  doc.font(font).fontSize(size)
  const height = doc.heightOfString(text, { width, lineGap: 1.5 })
  makeRoom(sheet, height)
  tagged(sheet, sheet.root, tag, () => {
    doc.font(font).fontSize(size).fillColor(colour)
    doc.text(text, left + indent, sheet.y, { width, lineGap: 1.5 })
  })
  sheet.y += height + after
}

/** Less than this below a heading looks torn off from what it is about. */
const belowHeading = 70

/** Sections that would begin a page only do so where less than this share of the page is left. */
const restWorthKeeping = 0.45

function heading(sheet: Sheet, text: string, startsPage: boolean): void {
  if (startsPage && sheet.y > sheet.bottom * (1 - restWorthKeeping)) newPage(sheet)
  else if (!makeRoom(sheet, belowHeading + 26)) sheet.y += 8
  paragraph(sheet, 'H2', text, { font: 'bold', size: 11.5, colour: inks.ink, after: 2 })
  untagged(sheet, () => {
    const { doc, left, width, y } = sheet
    doc
      .moveTo(left, y)
      .lineTo(left + width, y)
      .lineWidth(1.2)
      .strokeColor(sheet.accent)
      .stroke()
  })
  sheet.y += 6
}

function verdict(sheet: Sheet, text: string, colour: string): void {
  const { doc, left, width } = sheet
  doc.font('bold').fontSize(12)
  const height = doc.heightOfString(text, { width: width - 24, lineGap: 2 }) + 14
  const top = sheet.y
  untagged(sheet, () => {
    doc.rect(left, top, width, height).fill(inks.area)
    doc.rect(left, top, 4, height).fill(colour)
  })
  tagged(sheet, sheet.root, 'P', () => {
    doc
      .font('bold')
      .fontSize(12)
      .fillColor(inks.ink)
      .text(text, left + 14, top + 7, { width: width - 24, lineGap: 2 })
  })
  sheet.y = top + height + 10
}

function tiles(sheet: Sheet, all: readonly Tile[]): void {
  const { doc, left } = sheet
  const gap = 6
  const width = (sheet.width - gap * (all.length - 1)) / all.length
  doc.font('plain').fontSize(7)
  const height = 40 + Math.max(...all.map(({ note }) => doc.heightOfString(note, { width: width - 12 })))
  makeRoom(sheet, height)
  const top = sheet.y
  for (const [index, { label, value, note }] of all.entries()) {
    const x = left + index * (width + gap)
    untagged(sheet, () => {
      doc.roundedRect(x, top, width, height, 3).lineWidth(0.7).strokeColor(inks.line).stroke()
    })
    tagged(sheet, sheet.root, 'P', () => {
      doc
        .font('plain')
        .fontSize(7.5)
        .fillColor(inks.quiet)
        .text(label, x + 6, top + 6, { width: width - 12 })
      doc
        .font('bold')
        .fontSize(fitted(doc, value, width - 12, 14))
        .fillColor(inks.ink)
        .text(value, x + 6, top + 16, { width: width - 12, lineBreak: false })
      doc
        .font('plain')
        .fontSize(7)
        .fillColor(inks.quiet)
        .text(note, x + 6, top + 35, { width: width - 12 })
    })
  }
  sheet.y = top + height + 10
}

/** The size at which a text fits into one line. */
function fitted(doc: PDFKit.PDFDocument, text: string, width: number, size: number): number {
  const needed = doc.font('bold').fontSize(size).widthOfString(text)
  return needed <= width ? size : (size * width) / needed
}

function listItem(sheet: Sheet, { title, lines }: ListItem): void {
  makeRoom(sheet, 14 + 12 * lines.length)
  paragraph(sheet, 'P', title, { font: 'bold', size: 8.5, colour: inks.ink, after: 1 })
  for (const line of lines)
    paragraph(sheet, 'P', line, { font: 'plain', size: 8.5, colour: inks.ink, after: 1, indent: 10 })
  sheet.y += 4
}
