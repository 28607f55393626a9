import type { Chart, Ink, Shape } from '../../chart/shapes.ts'
import { inks, makeRoom, type Sheet, tagged } from './sheet.ts'

const perRow = 3
const gap = 12

/** Charts beside each other, each with its name and its figures. */
export function drawCharts(sheet: Sheet, charts: readonly Chart[]): void {
  const { doc, left } = sheet
  const width = (sheet.width - gap * (perRow - 1)) / perRow
  for (let first = 0; first < charts.length; first += perRow) {
    const row = charts.slice(first, first + perRow)
    const names = row.map(({ title }) => doc.font('bold').fontSize(7.5).heightOfString(title, { width }))
    const texts = row.map(({ text }) => doc.font('plain').fontSize(7).heightOfString(text, { width }))
    const nameHeight = Math.max(...names)
    const height =
      nameHeight + Math.max(...texts) + 4 + Math.max(...row.map((chart) => (chart.height * width) / chart.width)) + 8
    makeRoom(sheet, height)
    const top = sheet.y
    for (const [index, chart] of row.entries()) {
      const x = left + index * (width + gap)
      tagged(sheet, sheet.root, 'P', () => {
        doc.font('bold').fontSize(7.5).fillColor(inks.ink).text(chart.title, x, top, { width })
        doc
          .font('plain')
          .fontSize(7)
          .fillColor(inks.quiet)
          .text(chart.text, x, top + nameHeight, { width })
      })
      const chartTop = top + nameHeight + Math.max(...texts) + 4
      tagged(
        sheet,
        sheet.root,
        'Figure',
        () => drawShapes(doc, chart, x, chartTop, width / chart.width),
        `${chart.title}: ${chart.text}`,
      )
    }
    sheet.y = top + height
  }
}

/** Draws the shapes of a chart with its upper left corner at a place. */
export function drawShapes(doc: PDFKit.PDFDocument, { shapes }: Chart, x: number, y: number, scale: number): void {
  doc.save()
  doc.translate(x, y).scale(scale)
  for (const shape of shapes) drawShape(doc, shape)
  doc.restore()
}

const colours: Readonly<Record<Ink, string>> = { line: inks.ink, guide: inks.quiet, accent: inks.ink, bad: inks.bad }

function drawShape(doc: PDFKit.PDFDocument, shape: Shape): void {
  switch (shape.kind) {
    case 'area':
      doc.polygon(...shape.points.map(({ x, y }) => [x, y])).fill(inks.area)
      return
    case 'path': {
      const [start, ...rest] = shape.points
      doc.moveTo(start.x, start.y)
      for (const { x, y } of rest) doc.lineTo(x, y)
      doc.lineWidth(shape.weight).lineJoin('round').strokeColor(colours[shape.ink])
      if (shape.dashed) doc.dash(3, { space: 3 })
      doc.stroke()
      if (shape.dashed) doc.undash()
      return
    }
    case 'dot':
      doc.circle(shape.at.x, shape.at.y, 2.4).fill(colours[shape.ink])
      return
    case 'label': {
      doc.font('plain').fontSize(8.5).fillColor(inks.quiet)
      const width = doc.widthOfString(shape.text)
      doc.text(shape.text, shape.anchor === 'end' ? shape.at.x - width : shape.at.x, shape.at.y - 8, {
        lineBreak: false,
      })
    }
  }
}
