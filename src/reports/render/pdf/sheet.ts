import { fileURLToPath } from 'node:url'
// oxlint-disable-next-line import/no-named-as-default -- its types know the default export only
import PDFDocument from 'pdfkit'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Page } from '../../page/blocks.ts'

/** Points to the edges of an A4 page. */
export const margin = 42
const footerHeight = 24

/** The inks of the PDF; each reads in grey print by its lightness. */
export const inks = {
  ink: '#16191d',
  quiet: '#525a64',
  line: '#b9c1ca',
  area: '#e8ecf1',
  good: '#e3f1e6',
  warn: '#f0cd78',
  bad: '#8f1d1d',
  paper: '#ffffff',
} as const

/** A tagged part of the document. */
export type Tag = PDFKit.PDFStructureElement

/** A PDF under way: where the next block begins, and how wide it may be. */
export interface Sheet {
  readonly doc: PDFKit.PDFDocument
  readonly root: Tag
  readonly accent: string
  readonly left: number
  readonly width: number
  /** The lowest line that blocks may reach. */
  readonly bottom: number
  y: number
}

/** Opens a document with its fonts. Its dates are those of the data, so that the same counts make the same bytes. */
export function openSheet(page: Page, at: EpochMs): Sheet {
  const date = new Date(at)
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: margin, left: margin, right: margin, bottom: 0 },
    pdfVersion: '1.7',
    tagged: true,
    lang: page.language,
    displayTitle: true,
    bufferPages: true,
    info: { Title: page.title, Creator: 'sloburn', Producer: 'sloburn', CreationDate: date, ModDate: date },
  })
  doc.registerFont('plain', fontFile('DejaVuSansCondensed.ttf'))
  doc.registerFont('bold', fontFile('DejaVuSansCondensed-Bold.ttf'))
  const root = doc.struct('Document')
  doc.addStructure(root)
  const width = doc.page.width - 2 * margin
  return {
    doc,
    root,
    accent: page.accent,
    left: margin,
    width,
    bottom: doc.page.height - margin - footerHeight,
    y: margin,
  }
}

/** Begins a new page where less than so much is left. */
export function makeRoom(sheet: Sheet, height: number): boolean {
  if (sheet.y + height <= sheet.bottom || sheet.y <= margin) return false
  newPage(sheet)
  return true
}

/** Begins a new page. */
export function newPage(sheet: Sheet): void {
  sheet.doc.addPage()
  sheet.y = margin
}

/** Draws something that a screen reader reads as what it is. */
export function tagged(sheet: Sheet, parent: Tag, type: string, draw: () => void, alt?: string): void {
  const element = sheet.doc.struct(type, alt === undefined ? {} : { alt }, draw)
  parent.add(element)
  element.end()
}

/** Draws something that means nothing by itself: lines and shades. */
export function untagged({ doc }: Sheet, draw: () => void): void {
  doc.markContent('Artifact', { type: 'Layout' })
  draw()
  doc.endMarkedContent()
}

/** Numbers the pages and ends the document. */
export async function closeSheet(sheet: Sheet, footer: string): Promise<Uint8Array> {
  const { doc, root, left, width } = sheet
  root.end()
  const { count } = doc.bufferedPageRange()
  for (let index = 0; index < count; index++) {
    doc.switchToPage(index)
    doc.markContent('Artifact', { type: 'Pagination' })
    const y = doc.page.height - margin
    doc.font('plain').fontSize(7.5).fillColor(inks.quiet)
    doc.text(footer, left, y, { width: width - 90, lineBreak: false, ellipsis: true, height: 10 })
    doc.text(`Page ${index + 1} of ${count}`, left + width - 90, y, { width: 90, align: 'right', lineBreak: false })
    doc.endMarkedContent()
  }
  const pieces: Uint8Array[] = []
  const ended = Promise.withResolvers<void>()
  doc.on('data', (piece: Uint8Array) => pieces.push(piece))
  doc.on('end', () => ended.resolve())
  doc.on('error', (error: Error) => ended.reject(error))
  doc.end()
  await ended.promise
  return Buffer.concat(pieces)
}

function fontFile(name: string): string {
  return fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}`))
}
