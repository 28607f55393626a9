import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32, inflateSync } from 'node:zlib'
import { hourMs, minuteMs } from '../../src/core/model/units.ts'
import { burnChart, type Chart } from '../../src/delivery/chart/burn-chart.ts'
import { Canvas } from '../../src/delivery/chart/canvas.ts'
import { aNotification, aResolve, firedAt } from '../support/delivery-messages.ts'

describe('the chart of a mail', () => {
  test('is a sound PNG, the same for the same message', () => {
    const { png, width, height } = drawn()
    const read = readPng(png)
    assert.deepEqual([read.width, read.height], [2 * width, 2 * height])
    assert.deepEqual(drawn().png, png)
    assert.ok(png.length < 20_000, `${png.length} bytes`)
  })

  test('shows each burn rate as long as it is', () => {
    const { pixels } = readPng(drawn().png)
    const longest = (colour: string): number =>
      Math.max(...pixels.map((row) => row.filter((one) => one === colour).length))
    assert.ok(longest('#d92d20') > 500, 'the region that burns fills its bar')
    assert.ok(longest('#d92d20') / 91 < 8)
  })

  test('draws how it burned as a line that is as high as it was, and nothing where nothing is known', () => {
    const burnRates = Array.from({ length: 72 }, (_, index) => (index < 36 ? null : index < 54 ? 1 : 60))
    const at = firedAt + 12 * minuteMs
    const history = { from: at - 72 * 5 * minuteMs, stepMs: 5 * minuteMs, burnRates }
    const chart = burnChart(aNotification({ history, at }))
    assert.ok(chart !== undefined)
    const { pixels } = readPng(chart.png)
    const columnsOf = (colour: string): readonly number[] => {
      return pixels[0].flatMap((_, x) => (pixels.slice(0, 360).some((row) => row[x] === colour) ? [x] : []))
    }
    const [calm, over] = [columnsOf('#1d4ed8'), columnsOf('#d92d20')]
    // The plot is 1042 pixels wide and begins at 134: half of it is unknown, a quarter calm, a quarter above the threshold.
    assert.ok(Math.min(...calm) > 134 + 1_042 * 0.48, 'nothing is drawn where nothing is known')
    assert.ok(Math.abs(calm.length - 260) < 30, `${calm.length} columns are calm`)
    assert.ok(Math.abs(over.length - 260) < 30, `${over.length} columns are above the threshold`)
    const topOf = (colour: string): number => pixels.findIndex((row) => row.includes(colour))
    assert.ok(topOf('#d92d20') < 100 && topOf('#1d4ed8') > 200, 'what burns more is higher')
  })

  test('draws a history of any numbers', () => {
    for (const burnRates of [[], [null], [Number.POSITIVE_INFINITY, 1e300, 0], Array.from({ length: 72 }, () => 0)]) {
      const history = { from: firedAt - hourMs, stepMs: minuteMs, burnRates }
      assert.ok(burnChart(aNotification({ history })) !== undefined)
    }
  })

  test('says the same in words', () => {
    assert.equal(
      drawn().alt,
      'Burn rate over 5m: eu-west-1 91×, us-east-1 0.4×, ap-south-1 no-data, threshold 14.4×; 61.3 % of the budget left',
    )
  })

  test('is drawn whatever the numbers are', () => {
    for (const burnRate of [0, 1e300, null]) {
      const regions = Array.from(
        { length: 200 },
        (_, n) => ({ region: `<${n}>\u{1f525}`.repeat(50), burnRate, state: 'ok', share: null }) as const,
      )
      assert.ok(burnChart(aNotification({ regions, rule: { longMs: 1, shortMs: 1, burnRate: 0 } })) !== undefined)
    }
    assert.ok(burnChart(aResolve()) !== undefined)
  })

  test('is left out when there is nothing to draw', () => {
    const short = { bad: 0, total: 0, errorRatio: null, burnRate: null }
    assert.equal(burnChart(aNotification({ regions: [], short })), undefined)
  })
})

test('a canvas keeps what lies outside of it outside', () => {
  const canvas = new Canvas(4, 2, ['#ffffff', '#000000'])
  canvas.paint({ x: -5, y: -5, width: 6, height: 100 }, '#000000')
  assert.deepEqual(readPng(canvas.png()).pixels, [
    ['#000000', '#ffffff', '#ffffff', '#ffffff'],
    ['#000000', '#ffffff', '#ffffff', '#ffffff'],
  ])
})

function drawn(): Chart {
  const chart = burnChart(aNotification())
  assert.ok(chart !== undefined)
  return chart
}

/** Reads a PNG with a palette and no filters, and checks every chunk. */
function readPng(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes)
  assert.equal(buffer.subarray(0, 8).toString('latin1'), '\u0089PNG\r\n\u001a\n')
  const chunks = new Map<string, Buffer>()
  for (let at = 8; at < buffer.length; ) {
    const length = buffer.readUInt32BE(at)
    const body = buffer.subarray(at + 4, at + 8 + length)
    assert.equal(crc32(body), buffer.readUInt32BE(at + 8 + length))
    chunks.set(body.subarray(0, 4).toString(), body.subarray(4))
    at += 12 + length
  }
  const [header, palette, data] = ['IHDR', 'PLTE', 'IDAT'].map((type) => chunks.get(type) ?? Buffer.alloc(0))
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const lines = inflateSync(data)
  const colour = (index: number): string => `#${palette.subarray(3 * index, 3 * index + 3).toString('hex')}`
  const pixels = Array.from({ length: height }, (_, y) =>
    Array.from(lines.subarray(y * (width + 1) + 1, (y + 1) * (width + 1)), colour),
  )
  return { width, height, pixels }
}
