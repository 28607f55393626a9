/** What to tell somebody whose counters hold something that cannot stand where it stands. */
export interface Explanation {
  readonly message: string
  readonly hint?: string
}

interface Refusal {
  /** Tried at the place in question. */
  readonly pattern: RegExp
  readonly message: (found: string) => string
  readonly hint: string
}

const windowsComeFromThePolicy = 'write the counter alone; the alert policy and the SLO set the windows'

/** What people paste from PromQL, most specific first. */
const refusals: readonly Refusal[] = [
  { pattern: /\[/y, message: () => 'a range such as [5m] does not belong here', hint: windowsComeFromThePolicy },
  { pattern: /offset\b/iy, message: () => 'an offset does not belong here', hint: 'write the counter alone' },
  { pattern: /@/y, message: () => 'the @ modifier does not belong here', hint: 'write the counter alone' },
  {
    pattern: /or\s+(?:on\s*\(\s*\)\s*)?vector\s*\(\s*0\s*\)/iy,
    message: () => '"or vector(0)" does not belong here',
    hint: 'leave it out; a counter that does not exist yet counts as 0',
  },
  {
    pattern: /(?!by\b|without\b)[a-zA-Z_]\w*(?=\s*\(|\s*(?:by|without)\s*\()/iy,
    message: (found) => `"${found}(…)" does not belong here: only selectors do`,
    hint: 'write the counter alone; increases and sums over series are taken for you',
  },
  {
    pattern: /(?:by|without)\b/iy,
    message: (found) => `"${found}" does not belong here`,
    hint: 'write the counter alone; all series that it selects are added up',
  },
  {
    pattern: /\//y,
    message: () => 'counters are joined by + and -, not divided',
    hint: 'give what stands before "/" as bad (or good) and what stands after it as total',
  },
  {
    pattern: /(?:and|or|unless|atan2|bool)\b|[*%^<>]=?|[=!]=/iy,
    message: (found) => `counters are joined by + and -, not by "${found}"`,
    hint: 'name each counter with the labels that select what you want',
  },
  {
    pattern: /[.-]?\d[\w.]*/y,
    message: (found) => `the number ${found} does not belong here`,
    hint: 'only counters can be added and subtracted',
  },
  {
    pattern: /[“”„‘’]/y,
    message: (found) => `${found} is a typographic quote`,
    hint: 'use straight quotes: "',
  },
  {
    pattern: /[./-]/y,
    message: (found) => `a name with "${found}" must stand in quotes`,
    hint: 'write {"metric.name"} for a metric and {"label.name"="value"} for a label',
  },
]

/** Explains the character at the offset, where `wanted` was expected. */
export function explainUnexpected(text: string, offset: number, wanted: string): Explanation {
  if (offset >= text.length) return { message: atTheEnd(text, wanted) }
  for (const { pattern, message, hint } of refusals) {
    pattern.lastIndex = offset
    const match = pattern.exec(text)
    if (match !== null) return { message: message(match[0]), hint }
  }
  return { message: `expected ${wording(wanted)}, found ${JSON.stringify(foundAt(text, offset))}` }
}

function atTheEnd(text: string, wanted: string): string {
  const tail = text.trim().slice(-40)
  return tail === '' ? 'there is no counter' : `expected ${wording(wanted)} after ${JSON.stringify(tail)}`
}

function wording(wanted: string): string {
  if (wanted === 'selector') return 'a counter such as http_requests_total{job="a"}'
  return wanted === 'end' ? '+, - or the end' : wanted
}

function foundAt(text: string, offset: number): string {
  return /[\w:]+|[^]/uy.exec(text.slice(offset))?.[0] ?? ''
}
