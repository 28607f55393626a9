import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32, inflateSync } from 'node:zlib'
import { burnChart, type Chart } from '../../src/delivery/chart/burn-chart.ts'
import { Canvas } from '../../src/delivery/chart/canvas.ts'
import { aNotification, aResolve } from '../support/delivery-messages.ts'

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
