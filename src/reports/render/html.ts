import { escapedHtml } from '../../core/model/escaped-html.ts'
import type { Block, Cell, Page, Table, Tile } from '../page/blocks.ts'
import { htmlStyle } from './html-style.ts'
import { svgOf } from './svg.ts'

/** One HTML file that needs nothing else: no script, no remote file. Tables become cards on a phone. */
export function renderHtml(page: Page): string {
  return `<!DOCTYPE html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapedHtml(page.title)}</title>
<style>
${htmlStyle(page.accent)}</style>
</head>
<body>
<header><h1>${escapedHtml(page.title)}</h1><p class="quiet">${escapedHtml(page.subtitle)}</p></header>
<main>
${page.blocks.map(blockOf).join('\n')}
</main>
${page.footer === '' ? '' : `<footer>${escapedHtml(page.footer)}</footer>\n`}</body>
</html>
`
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h2${block.startsPage ? ' class="starts"' : ''}>${escapedHtml(block.text)}</h2>`
    case 'verdict':
      return `<p class="verdict ${block.tone}">${escapedHtml(block.text)}</p>`
    case 'text':
      return `<p>${escapedHtml(block.text)}</p>`
    case 'tiles':
      return `<dl class="tiles">${block.tiles.map(tileOf).join('')}</dl>`
    case 'table':
      return tableOf(block.table)
    case 'charts':
      return `<div class="charts">${block.charts.map((chart) => `<figure><figcaption><b>${escapedHtml(chart.title)}</b><br>${escapedHtml(chart.text)}</figcaption>${svgOf(chart)}</figure>`).join('')}</div>`
    default:
      return `<dl class="list">${block.items.map(({ title, lines }) => `<dt>${escapedHtml(title)}</dt>${lines.map((line) => `<dd>${escapedHtml(line)}</dd>`).join('')}`).join('')}</dl>`
  }
}

function tileOf({ label, value, note }: Tile): string {
  return `<div><dt>${escapedHtml(label)}</dt><dd>${escapedHtml(value)}</dd>${note === '' ? '' : `<dd class="quiet">${escapedHtml(note)}</dd>`}</div>`
}

function tableOf({ caption, look, columns, rows }: Table): string {
  const head = columns.map(({ title, align }) => `<th scope="col" class="${align}">${escapedHtml(title)}</th>`).join('')
  const body = rows
    .map((row) => `<tr>${row.map((cell, index) => cellOf(cell, index, columns[index])).join('')}</tr>`)
    .join('\n')
  return `<div class="wide" tabindex="0" role="region" aria-label="${escapedHtml(caption)}"><table class="${look}"><caption>${escapedHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${body}
</tbody></table></div>`
}

function cellOf({ text, note, tone, chart, link }: Cell, index: number, column: Table['columns'][number]): string {
  const classes = [column.align, ...(tone === undefined ? [] : [tone])].join(' ')
  const words =
    link !== undefined && /^https?:\/\//.test(link)
      ? `<a href="${escapedHtml(link)}">${escapedHtml(text)}</a>`
      : escapedHtml(text)
  const inside = `<span>${chart === undefined ? words : svgOf(chart)}${note === undefined || note === '' ? '' : `<small>${escapedHtml(note)}</small>`}</span>`
  return index === 0
    ? `<th scope="row" class="${classes}">${inside}</th>`
    : `<td class="${classes}" data-title="${escapedHtml(column.title)}">${inside}</td>`
}
