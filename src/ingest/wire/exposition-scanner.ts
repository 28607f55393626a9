const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const quote = 0x22
const plus = 0x2b
const minus = 0x2d
const point = 0x2e
const openBrace = 0x7b
const closeBrace = 0x7d
const backslash = 0x5c

/** So many digits are an integer that a double holds exactly. */
const exactDigits = 15

/** Powers of ten that a double holds exactly: one multiplication or division by them rounds correctly. */
const exactPowers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))

/** Reads the pieces of one exposition line. Every line has a newline at its end, which no method goes beyond. */
export class ExpositionScanner {
  readonly bytes: Uint8Array
  position = 0
  /** The number last read. */
  value = 0
  /** Whether it was written as digits alone, with a sign or without. */
  integral = false
  #powerRead = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Passes over spaces and tabs; answers the byte behind them. */
  spaces(): number {
    const { bytes } = this
    let byte = bytes[this.position]
    while (byte === space || byte === tab) byte = bytes[++this.position]
    return byte
  }

  /** Whether nothing but the end of the line follows. */
  atLineEnd(): boolean {
    const byte = this.spaces()
    return byte === newline || (byte === carriageReturn && this.bytes[this.position + 1] === newline)
  }

  /** Passes over a name and labels; false when they do not end before the line does. */
  key(): boolean {
    const { bytes } = this
    const start = this.position
    let byte = bytes[this.position]
    while (byte !== openBrace && byte > space) byte = bytes[++this.position]
    if (byte === openBrace) return this.braces()
    const nameEnd = this.position
    if (nameEnd === start || (byte !== space && byte !== tab)) return false
    if (this.spaces() === openBrace) return this.braces()
    this.position = nameEnd
    return true
  }

  /** Passes over `{…}`, which may hold braces inside of quotes. */
  braces(): boolean {
    const { bytes } = this
    if (bytes[this.position] !== openBrace) return false
    for (let at = this.position + 1; bytes[at] !== newline; at++) {
      if (bytes[at] === closeBrace) {
        this.position = at + 1
        return true
      }
      if (bytes[at] !== quote) continue
      at++
      while (bytes[at] !== quote) {
        if (bytes[at] === backslash) at++
        if (bytes[at] === newline) return false
        at++
      }
    }
    return false
  }

  /** Reads a number into `value`; false when there is none. Every number is the double nearest to what is written. */
  number(): boolean {
    const { bytes } = this
    const start = this.position
    let at = start
    let byte = bytes[at]
    const negative = byte === minus
    if (negative || byte === plus) byte = bytes[++at]
    let mantissa = 0
    const digitsAt = at
    for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++at]) mantissa = mantissa * 10 + byte - 0x30
    let digits = at - digitsAt
    this.integral = digits > 0
    let exponent = 0
    if (byte === point) {
      const fractionAt = at + 1
      for (byte = bytes[++at]; byte >= 0x30 && byte <= 0x39; byte = bytes[++at]) mantissa = mantissa * 10 + byte - 0x30
      exponent = fractionAt - at
      digits -= exponent
      this.integral = false
    }
    if (digits === 0) return this.#word(digitsAt, negative)
    if ((byte | 0x20) === 0x65) {
      const behind = this.#power(at + 1)
      if (behind < 0) return false
      exponent += this.#powerRead
      this.integral = false
      at = behind
    }
    this.position = at
    if (digits <= exactDigits && exponent >= -22 && exponent <= 22) {
      const size = exponent < 0 ? mantissa / exactPowers[-exponent] : mantissa * exactPowers[exponent]
      this.value = negative ? -size : size
    } else {
      this.value = Number(asciiText(bytes, start, at))
    }
    return bytes[at] <= space
  }

  /** Reads the power of ten behind an `e`; answers where it ends, or −1. */
  #power(start: number): number {
    const { bytes } = this
    const falling = bytes[start] === minus
    const digitsAt = falling || bytes[start] === plus ? start + 1 : start
    let at = digitsAt
    let power = 0
    for (; bytes[at] >= 0x30 && bytes[at] <= 0x39; at++) power = Math.min(power * 10 + bytes[at] - 0x30, 9999)
    this.#powerRead = falling ? -power : power
    return at === digitsAt ? -1 : at
  }

  /** Reads NaN or infinity, in upper or lower case. */
  #word(at: number, negative: boolean): boolean {
    let end = at
    while (this.bytes[end] > space && end - at < 9) end++
    const word = asciiText(this.bytes, at, end).toLowerCase()
    if (word === 'nan') this.value = Number.NaN
    else if (word === 'inf' || word === 'infinity') this.value = negative ? -Infinity : Infinity
    else return false
    this.position = end
    return true
  }
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at])
  return text
}
