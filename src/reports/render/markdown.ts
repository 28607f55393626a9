import type { Block, Cell, Page, Table } from '../page/blocks.ts'

/** The same page as GitHub's Markdown; charts are told in words. */
export function renderMarkdown(page: Page): string {
  const parts = [
    `# ${plain(page.title)}`,
    plain(page.subtitle),
    ...page.blocks.map(blockOf),
    ...(page.footer === '' ? [] : ['---', plain(page.footer)]),
  ]
  return `${parts.join('\n\n')}\n`
}

function blockOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `## ${plain(block.text)}`
    case 'verdict':
      return `**${plain(block.text)}**`
    case 'text':
      return plain(block.text)
    case 'tiles':
      return block.tiles
        .map(
          ({ label, value, note }) => `- ${plain(label)}: **${plain(value)}**${note === '' ? '' : ` (${plain(note)})`}`,
        )
        .join('\n')
    case 'table':
      return tableOf(block.table)
    case 'charts':
      return block.charts.map(({ title, text }) => `- ${plain(title)}: ${plain(text)}`).join('\n')
    default:
      return block.items
        .map(({ title, lines }) => [`- **${plain(title)}**`, ...lines.map((line) => `  ${plain(line)}`)].join('  \n'))
        .join('\n')
  }
}

function tableOf({ caption, columns, rows }: Table): string {
  const head = `| ${columns.map(({ title }) => plain(title)).join(' | ')} |`
  const rule = `| ${columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join(' | ')} |`
  return [plain(caption), '', head, rule, ...rows.map((row) => `| ${row.map(cellOf).join(' | ')} |`)].join('\n')
}

function cellOf({ text, note, chart, link }: Cell): string {
  const words = plain(chart === undefined ? text : chart.text)
  const linked = link !== undefined && /^https?:\/\/[^\s()<>]+$/.test(link) ? `[${words}](${link})` : words
  return note === undefined || note === '' ? linked : `${linked} (${plain(note)})`
}

/** Names must not become markup, nor break a row of a table. */
function plain(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>|#~]/g, '\\$&')
}
