import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as limits from '../src/core/model/limits.ts'
import { hourMs, minuteMs } from '../src/core/model/units.ts'

const page = readFileSync(new URL('../docs/counting.md', import.meta.url), 'utf8')

test('every test that docs/counting.md names is there', () => {
  const tests = globSync('test/**/*.test.ts', { cwd: new URL('..', import.meta.url) })
    .map((file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))
    .join('\n')
  const named = [...page.matchAll(/^- Test: `(.*)`$/gm)].map(([, name = '']) => name)
  assert.ok(named.length > 60, `only ${named.length} rules name a test`)
  assert.deepEqual(
    named.filter((name) => !tests.includes(`test('${name}'`)),
    [],
  )
})

test('every section of docs/counting.md is listed at its top', () => {
  const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) => title)
  const listed = [...page.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm)]
  assert.deepEqual(
    listed.map(([, title]) => title),
    sections,
  )
  for (const [, title = '', link = ''] of listed) assert.equal(link, anchor(title))
})

test('the numbers in docs/counting.md are those of the code', () => {
  const said: readonly (readonly [string, string])[] = [
    ['newSeriesSettlingMs', `${limits.newSeriesSettlingMs / minuteMs} min`],
    ['recentSamplesPerSeries', String(limits.recentSamplesPerSeries)],
    ['recentDeltasPerSeries', String(limits.recentDeltasPerSeries)],
    ['futureSampleToleranceMs', `${limits.futureSampleToleranceMs / minuteMs} min`],
    ['seriesForgottenAfterMs', hours(limits.seriesForgottenAfterMs)],
    ['silentTargetForgottenAfterMs', hours(limits.silentTargetForgottenAfterMs)],
    ['seriesForgottenAtOnceMin', '1 000'],
    ['seriesPerSloMax', '500 000'],
    ['exemplarsPerScopeMax', String(limits.exemplarsPerScopeMax)],
  ]
  for (const [name, value] of said) assert.ok(page.includes(`\`${name}\` (${value})`), `${name} is ${value}`)
  assert.deepEqual([limits.seriesForgottenAtOnceMin, limits.seriesPerSloMax], [1_000, 500_000])
})

/** As GitHub makes it. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')
}

function hours(ms: number): string {
  return `${ms / hourMs} h`
}
