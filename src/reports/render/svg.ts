import { escapedHtml } from '../../core/model/escaped-html.ts'
import type { Chart, Ink, Shape } from '../chart/shapes.ts'

/** A chart as inline SVG; its colours are those of the page it stands on. */
export function svgOf({ title, text, width, height, shapes }: Chart): string {
  const name = escapedHtml(`${title}: ${text}`)
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${name}">${shapes.map(shapeOf).join('')}</svg>`
}

const inkClass: Readonly<Record<Ink, string>> = { line: 'ink', guide: 'guide', accent: 'accent', bad: 'spent' }

function shapeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'area':
      return `<polygon class="area" points="${pointsOf(shape.points)}"/>`
    case 'path': {
      const dash = shape.dashed ? ' stroke-dasharray="3 3"' : ''
      return `<polyline class="${inkClass[shape.ink]}" fill="none" stroke-width="${shape.weight}"${dash} points="${pointsOf(shape.points)}"/>`
    }
    case 'dot':
      return `<circle class="${inkClass[shape.ink]} dot" cx="${shape.at.x}" cy="${shape.at.y}" r="2.4"/>`
    default:
      return `<text x="${shape.at.x}" y="${shape.at.y}" text-anchor="${shape.anchor}">${escapedHtml(shape.text)}</text>`
  }
}

function pointsOf(points: readonly { readonly x: number; readonly y: number }[]): string {
  return points.map(({ x, y }) => `${x},${y}`).join(' ')
}
