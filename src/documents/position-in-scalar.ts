import type { Scalar } from 'yaml'

/**
 * Where in the file a character of a scalar's value stands. Source and value are walked side by side: quotes, escapes,
 * indentation and folded line breaks stand in the source only. Undefined where an escape makes them differ too much.
 */
export function positionInScalar(scalar: Scalar, source: string, valueOffset: number): number | undefined {
  const { value, range, type } = scalar
  if (typeof value !== 'string' || range === undefined || range === null) return undefined
  let at = range[0] + (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0)
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') at = source.indexOf('\n', at) + 1
  for (let index = 0; index <= valueOffset && at < range[1]; index += 1) {
    if (index === value.length) return at
    at = skipSourceOnly(source, at, value[index], type)
    if (source[at] !== value[index] && !(value[index] === ' ' && isSpace(source[at]))) return undefined
    if (index === valueOffset) return at
    at += 1
  }
  return Math.min(at, range[1])
}

function skipSourceOnly(source: string, start: number, wanted: string, type: Scalar['type']): number {
  let at = start
  const escaped = source[at + 1] === wanted
  if (type === 'QUOTE_DOUBLE' && source[at] === '\\' && escaped) return at + 1
  if (type === 'QUOTE_SINGLE' && source[at] === "'" && escaped) return at + 1
  if (wanted === ' ') return at
  while (source[at] !== wanted && isSpace(source[at])) at += 1
  return at
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t'
}
