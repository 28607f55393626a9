/** A sample as the slow parser reads it. */
export interface SlowSample {
  readonly labels: ReadonlyMap<string, string>
  readonly value: number
  /** As written; undefined without one. */
  readonly time: string | undefined
}

const label = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\.)*"`
const line = new RegExp(
  String.raw`^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:${label})?(?:,${label})*),?\})? (\S+)(?: (\S+))?(?: # \{.*\} \S+(?: \S+)?)?$`,
)

/**
 * Reads an exposition line by line with one regular expression: slow, plain, and written without looking at the real
 * parser, to hold it against. Throws at whatever it does not know.
 */
export function slowExposition(text: string): SlowSample[] {
  const samples: SlowSample[] = []
  for (const row of text.split('\n')) {
    if (row === '' || row.startsWith('#')) continue
    const match = line.exec(row)
    if (match === null) throw new Error(`not a sample: ${row}`)
    const [, name, pairs = '', value, time] = match
    samples.push({ labels: new Map([['__name__', name], ...labelPairs(pairs)]), value: slowNumber(value), time })
  }
  return samples
}

function labelPairs(pairs: string): [string, string][] {
  return [...pairs.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
    name,
    value.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
  ])
}

function slowNumber(text: string): number {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return /^nan$/i.test(text) ? Number.NaN : Number(text)
}
