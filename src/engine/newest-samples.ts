/** Times of a page are kept as numbers of one byte, as far as there are no more different ones. */
const differentTimesMax = 256
/** How many samples there are, how many different times or `eachTime`, and whether values are whole. */
const headerBytes = 8
const eachTime = 0xffff

/**
 * Time and value of the newest samples of a page of series, one behind the other, NaN where there is none, as a part: mostly
 * five bytes each, since counters are whole and small and series of one target have one time. Its length never divides by 16,
 * so that it is told from the parts of earlier versions, which were the doubles themselves.
 */
export function newestSamplesPart(samples: Float64Array, room: (bytes: number) => Uint8Array): Uint8Array {
  const count = samples.length / 2
  const times = differentTimes(samples)
  const whole = areWhole(samples)
  const timeBytes = times === undefined ? 8 * count : 8 * times.size
  const valueBytes = (whole ? 4 : 8) * count
  const numberBytes = times === undefined ? 0 : count
  const length = headerBytes + timeBytes + valueBytes + numberBytes
  const bytes = room(Math.ceil((length - headerBytes) / 16) * 16 + headerBytes)
  const { buffer, byteOffset } = bytes
  bytes.fill(0, length)
  new Uint32Array(buffer, byteOffset, 1)[0] = count
  new Uint16Array(buffer, byteOffset + 4, 2).set([times?.size ?? eachTime, whole ? 1 : 0])
  const valuesAt = byteOffset + headerBytes + timeBytes
  if (whole) {
    const values = new Uint32Array(buffer, valuesAt, count)
    for (let place = 0; place < count; place++) values[place] = samples[2 * place + 1]
  } else {
    const values = new Float64Array(buffer, valuesAt, count)
    for (let place = 0; place < count; place++) values[place] = samples[2 * place + 1]
  }
  if (times === undefined) {
    const each = new Float64Array(buffer, byteOffset + headerBytes, count)
    for (let place = 0; place < count; place++) each[place] = samples[2 * place]
  } else {
    new Float64Array(buffer, byteOffset + headerBytes, times.size).set([...times.keys()])
    fillNumbers(new Uint8Array(buffer, valuesAt + valueBytes, count), samples, times)
  }
  return bytes
}

/** The samples that `newestSamplesPart` made a part of; a value without a time means nothing. */
export function readNewestSamples(bytes: Uint8Array = new Uint8Array()): Float64Array {
  const { buffer } = bytes.slice()
  if (buffer.byteLength % 16 === 0) return new Float64Array(buffer)
  const [count] = new Uint32Array(buffer, 0, 1)
  const [different, whole] = new Uint16Array(buffer, 4, 2)
  const times = new Float64Array(buffer, headerBytes, different === eachTime ? count : different)
  const valuesAt = headerBytes + times.byteLength
  const values = whole === 1 ? new Uint32Array(buffer, valuesAt, count) : new Float64Array(buffer, valuesAt, count)
  const numbers = different === eachTime ? undefined : new Uint8Array(buffer, valuesAt + values.byteLength, count)
  const samples = new Float64Array(2 * count)
  for (let place = 0; place < count; place++) {
    samples[2 * place] = times[numbers?.[place] ?? place]
    samples[2 * place + 1] = values[place]
  }
  return samples
}

/** Every time with its number; undefined where they are too many. */
function differentTimes(samples: Float64Array): ReadonlyMap<number, number> | undefined {
  const times = new Map<number, number>()
  let before: number | undefined
  for (let at = 0; at < samples.length; at += 2) {
    const time = samples[at]
    if (time === before || times.has(time)) continue
    if (times.size === differentTimesMax) return undefined
    times.set(time, times.size)
    before = time
  }
  return times
}

function fillNumbers(numbers: Uint8Array, samples: Float64Array, times: ReadonlyMap<number, number>): void {
  let before: number | undefined
  let number = 0
  for (let place = 0; place < numbers.length; place++) {
    const time = samples[2 * place]
    if (time !== before) number = times.get(time) ?? 0
    before = time
    numbers[place] = number
  }
}

/** Whether each value of a sample fits into 32 bits. */
function areWhole(samples: Float64Array): boolean {
  for (let at = 0; at < samples.length; at += 2) {
    const value = samples[at + 1]
    if (value >>> 0 !== value && samples[at] === samples[at]) return false
  }
  return true
}
