import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { findProgram } from './debian-tools.js'

// Draws the grid of classic dashboards as pictures, so that their layout can be looked at without a Grafana:
// node scripts/draw-dashboards.ts FOLDER-OF-DASHBOARDS FOLDER-FOR-PICTURES
const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) throw new Error('give a folder of dashboards, and one for the pictures')
const executablePath = findProgram('chromium')
if (executablePath === undefined) throw new Error('chromium is not installed')

/** As far as it is drawn. */
interface DrawnDashboard {
  readonly title: string
  readonly description: string
  readonly refresh: string
  readonly time: { readonly from: string }
  readonly templating: { readonly list: readonly { readonly label: string }[] }
  readonly links: readonly { readonly title: string }[]
  readonly annotations: { readonly list: readonly { readonly name: string; readonly iconColor: string }[] }
  readonly panels: readonly DrawnPanel[]
}

interface DrawnPanel {
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly refId: string; readonly legendFormat?: string }[]
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] }
    }
    readonly overrides: readonly { readonly properties: readonly { readonly id: string; readonly value: unknown }[] }[]
  }
}

/** A column and a line of Grafana's grid on a screen of usual width, in pixels. */
const column = 72
const line = 38
const gap = 8

const style = `body{font:13px/18px 'DejaVu Sans',sans-serif;margin:8px;background:#f4f5f5;color:#24292e}h1{font-size:20px;margin:4px 0}
h1 small,.panel small{color:#6e6e6e;font-weight:normal;margin-left:8px;font-size:11px}p{margin:2px 0;color:#555}.bar{margin:8px 0}
.v{border:1px solid #bbb;background:#fff;padding:3px 8px;margin-right:6px}.bar span{float:right}.grid{position:relative}
.row,.panel{position:absolute;overflow:hidden;box-sizing:border-box}.row{font-weight:bold;padding:8px 0}
.panel{background:#fff;border:1px solid #ddd;padding:6px 8px}.panel em{color:#999;margin-left:8px}.panel p{font-size:11px;line-height:14px}
.panel i{font-style:normal;color:#fff;padding:0 4px;font-size:11px}table{border-collapse:collapse;width:100%}th{font-size:11px;text-align:left;
border-bottom:1px solid #bbb;white-space:nowrap;overflow:hidden}`

await mkdir(to, { recursive: true })
const browser = await chromium.launch({ executablePath })
try {
  for (const file of (await readdir(from)).filter((name) => name.endsWith('.json'))) {
    const dashboard: DrawnDashboard = JSON.parse(await readFile(join(from, file), 'utf8'))
    const page = await browser.newPage({ viewport: { width: 24 * column + 2 * gap, height: 400 } })
    await page.setContent(drawn(dashboard))
    await writeFile(join(to, file.replace(/json$/, 'png')), await page.screenshot({ fullPage: true }))
    await page.close()
  }
} finally {
  await browser.close()
}

function drawn({ title, description, refresh, time, templating, links, annotations, panels }: DrawnDashboard): string {
  const bottom = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h))
  const choices = templating.list.map(({ label }) => `<b class=v>${escaped(label)}</b>`).join('')
  const marks = annotations.list.map(({ name, iconColor }) => `<i style="color:${iconColor}">▎</i>${escaped(name)}`)
  const ways = links.map((link) => `<u>${escaped(link.title)}</u>`)
  return `<style>${style}</style><h1>${escaped(title)}<small>${escaped(time.from)} · every ${escaped(refresh)}</small></h1>
<p>${escaped(description)}</p><div class=bar>${choices} ${marks.join(' ')} <span>${ways.join(' ')}</span></div>
<div class=grid style="height:${bottom * line}px">${panels.map(panel).join('')}</div>`
}

function panel({ type, title, description = '', gridPos, targets = [], fieldConfig }: DrawnPanel): string {
  const { x, y, w, h } = gridPos
  const place = `left:${x * column}px;top:${y * line}px;width:${w * column - gap}px;height:${h * line - gap}px`
  if (type === 'row') return `<div class=row style="${place}">⌄ ${escaped(title)}</div>`
  const steps = fieldConfig?.defaults.thresholds?.steps ?? []
  const chips = steps.map(({ value, color }) => `<i style="background:${color}">${value ?? '−∞'}</i>`).join('')
  const shown = targets.map(({ refId, legendFormat }) => escaped(legendFormat ?? refId)).join(' · ')
  const body =
    type === 'table' ? table(fieldConfig?.overrides ?? []) : `<em>${escaped(type)}</em><small>${shown}</small>`
  return `<div class=panel style="${place}"><b>${escaped(title)}</b>${body}<div>${chips}
<small>${escaped(fieldConfig?.defaults.unit ?? '')}</small></div><p>${escaped(description)}</p></div>`
}

function table(overrides: NonNullable<DrawnPanel['fieldConfig']>['overrides']): string {
  const heads = overrides.flatMap(({ properties }) => properties.filter(({ id }) => id === 'displayName'))
  return `<table><tr>${heads.map(({ value }) => `<th>${escaped(String(value))}</th>`).join('')}</tr></table>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
