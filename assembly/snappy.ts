import { input, inputMax, output, outputMax } from './layout'

/** Answers of `decompress` below zero: no length in front, more than the buffer holds, more than so few bytes can hold. */
const noLength: i64 = -1
const tooLarge: i64 = -2
const impossible: i64 = -3
/** From here downwards: an element does not fit; how far down says where it stands. */
const badElement: i64 = -16

/**
 * Decodes the snappy block of `size` bytes at `input` into `output`. Answers how many bytes were written, which is less than
 * declared where the block ends too early; or what is wrong, as a negative number. Never reads or writes outside of the two
 * buffers and their slack.
 */
export function decompress(size: u32): f64 {
  return <f64>decode(size)
}

function decode(size: u32): i64 {
  if (<usize>size > inputMax) return tooLarge
  const end = input + <usize>size
  let at = input
  let length: u64 = 0
  let shift: u64 = 0
  for (;;) {
    if (at >= end || shift > 28) return noLength
    const byte = <u64>load<u8>(at++)
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
    shift += 7
  }
  if (length > <u64>u32.MAX_VALUE) return noLength
  if (length > <u64>outputMax) return tooLarge
  // The densest element is a copy of three bytes that stands for 64.
  if (length * 3 > <u64>(end - at) * 64) return impossible
  return elements(at, end, output + <usize>length)
}

function elements(start: usize, end: usize, outEnd: usize): i64 {
  let at = start
  let to = output
  while (at < end) {
    const elementAt = at
    const tag = <u32>load<u8>(at++)
    if ((tag & 3) === 0) {
      let size = <usize>(tag >>> 2)
      if (size >= 60) {
        const extra = size - 59
        if (extra > end - at) return bad(elementAt)
        size = <usize>(load<u32>(at) & (<u32>0xffffffff >>> (32 - 8 * <u32>extra)))
        at += extra
      }
      if (size >= end - at || size >= outEnd - to) return bad(elementAt)
      size++
      copyApart(to, at, size)
      at += size
      to += size
      continue
    }
    let size: usize
    let offset: usize
    if ((tag & 3) === 1) {
      if (at >= end) return bad(elementAt)
      size = <usize>((tag >>> 2) & 7) + 4
      offset = <usize>(((tag & 0xe0) << 3) | <u32>load<u8>(at))
      at += 1
    } else if ((tag & 3) === 2) {
      if (end - at < 2) return bad(elementAt)
      size = <usize>(tag >>> 2) + 1
      offset = <usize>load<u16>(at)
      at += 2
    } else {
      if (end - at < 4) return bad(elementAt)
      size = <usize>(tag >>> 2) + 1
      offset = <usize>load<u32>(at)
      at += 4
    }
    if (offset === 0 || offset > to - output || size > outEnd - to) return bad(elementAt)
    if (offset >= 16) copyApart(to, to - offset, size)
    else copyNear(to, offset, size)
    to += size
  }
  return <i64>(to - output)
}

/** Copies in words of 16 bytes, and so up to 15 too many, which the next element overwrites or the slack takes. */
function copyApart(to: usize, from: usize, size: usize): void {
  let done: usize = 0
  do {
    v128.store(to + done, v128.load(from + done))
    done += 16
  } while (done < size)
}

/** Copies what repeats itself after less than 16 bytes. */
function copyNear(to: usize, offset: usize, size: usize): void {
  const from = to - offset
  let done: usize = 0
  if (offset >= 8) {
    do {
      store<u64>(to + done, load<u64>(from + done))
      done += 8
    } while (done < size)
    return
  }
  for (; done < size; done++) store<u8>(to + done, load<u8>(from + done))
}

function bad(elementAt: usize): i64 {
  return badElement - <i64>(elementAt - input)
}
