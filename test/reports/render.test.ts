import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { reportFormats } from '../../src/core/model/report-format.ts'
import { buildReport } from '../../src/reports/model/build-report.ts'
import { renderReport } from '../../src/reports/render/render.ts'
import { foreignTool } from '../support/debian.ts'
import { shopReport } from '../support/report-world.ts'

const report = buildReport(shopReport())
const asIs = { serializers: [(value: unknown) => String(value)] }
const golden = (name: string) => new URL(`../golden/report/${name}`, import.meta.url).pathname

for (const format of ['html', 'md', 'csv', 'json'] as const) {
  test(`the report of the shop as ${format}`, async (t) => {
    t.assert.fileSnapshot(await renderReport(report, format), golden(`shop.${format}`), asIs)
  })
}

test('a month that is under way says so, and how it is expected to end', async (t) => {
  const input = shopReport({ now: Date.UTC(2026, 9, 20, 0, 10) })
  const days = input.days.filter(({ from }) => from < Date.UTC(2026, 9, 20))
  const page = await renderReport(buildReport({ ...input, days, compare: false }), 'md')
  assert.match(String(page), /the period is not over yet/)
  t.assert.fileSnapshot(page, golden('under-way.md'), asIs)
})

test('a verdict on little of the time says of how little, and is no praise', async () => {
  const { from } = shopReport().period
  const days = shopReport().days.filter((day) => day.slo === 'search-availability' && day.from === from)
  const page = String(await renderReport(buildReport(shopReport({ days, incidents: [], exclusions: [] })), 'html'))
  assert.match(
    page,
    /class="verdict none">The objective was met; 7 could not be judged\..* Data was seen for 0\.4\s% of the time only\.</,
  )
  assert.doesNotMatch(page, /Every SLO was seen in every region/)
})

test('the same counts make the same bytes, whenever and in whatever order', async () => {
  const input = shopReport()
  const again = buildReport({
    ...input,
    days: input.days.toReversed(),
    slos: input.slos.toReversed(),
    now: input.now + 9e9,
  })
  for (const format of reportFormats) {
    const [one, other] = await Promise.all([renderReport(report, format), renderReport(again, format)])
    assert.ok(Buffer.from(one).equals(Buffer.from(other)), format)
  }
})

function significantDigits(decimal: string): number {
  return decimal.replace(/^-?[0.]*/, '').replace('.', '').length
}

test('the CSV has no figure for what nobody saw, and none longer than it is known', async () => {
  const rows = parsedCsv(String(await renderReport(buildReport(shopReport({ days: [], incidents: [] })), 'csv'))).slice(
    1,
  )
  assert.ok(rows.length > 0)
  assert.ok(rows.every((row) => row.slice(7, 14).every((field) => field === '')))
  const figures = parsedCsv(String(await renderReport(report, 'csv')))
    .slice(1)
    .flat()
  const decimal = figures.filter((field) => /^-?\d+\.\d+$/.test(field))
  assert.ok(decimal.length > 50 && decimal.every((field) => significantDigits(field) <= 15))
})

test('no field of the CSV can become a formula', async () => {
  const rows = parsedCsv(String(await renderReport(report, 'csv')))
  assert.ok(rows.every((row) => row.length === 20))
  const texts = rows.slice(1).flatMap((row) => [row[2], row[3], row[4], row[5], row[14]])
  assert.ok(texts.some((text) => text.startsWith("'=HYPERLINK")) && texts.some((text) => text.startsWith("'@legacy")))
  assert.deepEqual(
    texts.filter((text) => /^[=+\-@\t\r]/.test(text)),
    [],
  )
})

test('names are text in HTML and Markdown, and HTML loads nothing', async () => {
  const input = shopReport()
  const evil = '<script>alert(1)</script>|`x`'
  const slos = input.slos.map((slo) => (slo.name === 'checkout-availability' ? { ...slo, service: evil } : slo))
  const made = buildReport({ ...input, slos })
  const html = String(await renderReport(made, 'html'))
  assert.ok(!/<script|<img|<link|url\(|@import/.test(html))
  const markdown = String(await renderReport(made, 'md'))
  assert.ok(markdown.includes('\\<script\\>alert(1)\\</script\\>\\|\\`x\\`'))
})

const [pdfinfo, pdftotext, qpdf] = [foreignTool('pdfinfo'), foreignTool('pdftotext'), foreignTool('qpdf')]

test('the PDF is sound, tagged and numbered, and its text can be read', {
  skip: pdfinfo.skip || pdftotext.skip || qpdf.skip,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'sloburn-report-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'report.pdf')
  writeFileSync(file, await renderReport(report, 'pdf'))
  const run = (path: string, ...args: readonly string[]) =>
    execFileSync(path, [...args, file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const info = run(pdfinfo.path)
  assert.match(info, /Title: +Example Shop · Reliability report 2026-10/)
  assert.match(info, /Tagged: +yes/)
  const pages = Number(/Pages: +(\d+)/.exec(info)?.[1])
  assert.ok(pages >= 3 && pages <= 6)
  assert.match(run(qpdf.path, '--check'), /No syntax or stream encoding errors/)
  const text = execFileSync(pdftotext.path, ['-layout', file, '-'], { encoding: 'utf8' })
  for (let page = 1; page <= pages; page++) assert.match(text, new RegExp(`Page ${page} of ${pages}`))
  assert.match(text, /1 of 8 objectives was missed/)
  for (const { id } of report.slos) assert.ok(text.replaceAll(/\s/g, '').includes(id.slice(0, 20)), id)
  assert.doesNotMatch(text, /NaN|undefined|null|Infinity/)
})

function parsedCsv(text: string): string[][] {
  assert.ok(text.endsWith('\r\n'))
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows[rows.length - 1].push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === '\r\n') rows.push([])
  }
  rows.pop()
  return rows
}
