import { crc32, deflateSync } from 'node:zlib'
import { glyphSize, isDot } from './glyphs.ts'

/** A rectangle in pixels. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A picture of few colours, drawn by hand: what a mail may show without loading anything. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly #palette: readonly string[]
  readonly #pixels: Uint8Array

  /** The first colour of the palette is the ground. Colours are `#rrggbb`, 256 at most. */
  constructor(width: number, height: number, palette: readonly string[]) {
    this.width = width
    this.height = height
    this.#palette = palette
    this.#pixels = new Uint8Array(width * height)
  }

  /** Paints a box with a colour of the palette; what lies outside of the picture is left out. */
  paint({ x, y, width, height }: Box, colour: string): void {
    const index = this.#palette.indexOf(colour)
    if (index < 0) throw new Error(`${colour} is not in the palette`)
    const left = Math.max(0, Math.round(x))
    const right = Math.min(this.width, Math.round(x + width))
    const bottom = Math.min(this.height, Math.round(y + height))
    for (let row = Math.max(0, Math.round(y)); row < bottom; row++) {
      if (right > left) this.#pixels.fill(index, row * this.width + left, row * this.width + right)
    }
  }

  /** Writes a line of text, its upper left corner at the place given, each dot `dot` pixels wide. */
  write(text: string, x: number, y: number, dot: number, colour: string): void {
    for (const [index, character] of Array.from(text).entries()) {
      for (let row = 0; row < glyphSize.height; row++) {
        for (let column = 0; column < glyphSize.width; column++) {
          if (!isDot(character, column, row)) continue
          const left = x + (index * glyphSize.advance + column) * dot
          this.paint({ x: left, y: y + row * dot, width: dot, height: dot }, colour)
        }
      }
    }
  }

  /** The picture as a PNG with a palette. https://www.w3.org/TR/png-3/ */
  png(): Uint8Array {
    const header = Buffer.alloc(13)
    header.writeUInt32BE(this.width, 0)
    header.writeUInt32BE(this.height, 4)
    // Eight bits a pixel, by palette; no filter, not interlaced.
    header.set([8, 3, 0, 0, 0], 8)
    const lines = Buffer.alloc((this.width + 1) * this.height)
    for (let row = 0; row < this.height; row++) {
      const line = this.#pixels.subarray(row * this.width, (row + 1) * this.width)
      lines.set(line, row * (this.width + 1) + 1)
    }
    const palette = Buffer.from(this.#palette.map((colour) => colour.slice(1)).join(''), 'hex')
    return Buffer.concat([
      Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
      chunk('IHDR', header),
      chunk('PLTE', palette),
      chunk('IDAT', deflateSync(lines)),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
}

/** How wide a line of text is, in pixels. */
export function textWidth(text: string, dot: number): number {
  return Array.from(text).length * glyphSize.advance * dot
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
