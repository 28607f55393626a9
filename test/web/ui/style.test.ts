import assert from 'node:assert/strict'
import { test } from 'node:test'
import { style } from '../../../src/web/ui/style.ts'

/** WCAG 2.2, success criterion 1.4.3. */
const contrastMin = 4.5

const pairs = [
  ['ink', 'ground'],
  ['ink', 'sheet'],
  ['ink', 'soft'],
  ['faint', 'ground'],
  ['faint', 'sheet'],
  ['faint', 'soft'],
  ['link', 'ground'],
  ['link', 'sheet'],
  ['page', 'sheet'],
  ['page', 'page-sheet'],
  ['ticket', 'sheet'],
  ['ticket', 'ticket-sheet'],
  ['ok', 'sheet'],
  ['ok', 'ground'],
  ['ok', 'ok-sheet'],
  ['gap', 'sheet'],
  ['gap', 'gap-sheet'],
  ['ground', 'link'],
  // Buttons that are pressed, rows under the pointer, tiles of what burns, complaints on the ground.
  ['ground', 'ink'],
  ['link', 'soft'],
  ['page', 'soft'],
  ['ticket', 'soft'],
  ['gap', 'soft'],
  ['ok', 'soft'],
  ['ink', 'page-sheet'],
  ['ink', 'ticket-sheet'],
  ['faint', 'page-sheet'],
  ['faint', 'ticket-sheet'],
  ['page', 'ground'],
  ['gap', 'ground'],
] as const

const [light, dark] = style.split('@media (prefers-color-scheme: dark)')

for (const [mode, text] of [
  ['light', light],
  ['dark', dark.slice(0, dark.indexOf('* {'))],
] as const) {
  test(`words can be read in ${mode}: their contrast is at least ${contrastMin}`, () => {
    const colors = new Map([...text.matchAll(/--([\w-]+): #([0-9a-f]{6})/g)].map(([, name, hex]) => [name, hex]))
    const poor = pairs.flatMap(([front, back]) => {
      const ratio = contrast(colors.get(front) ?? '', colors.get(back) ?? '')
      return ratio >= contrastMin ? [] : [`${front} on ${back}: ${ratio.toFixed(2)}`]
    })
    assert.deepEqual(poor, [])
  })
}

test('the style loads nothing', () => {
  assert.doesNotMatch(style, /url\(|@import|expression/)
})

/** Of 1 to 21, by the formula of WCAG. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((one, other) => other - one)
  return (high + 0.05) / (low + 0.05)
}

function luminance(hex: string): number {
  assert.match(hex, /^[0-9a-f]{6}$/)
  const parts = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
