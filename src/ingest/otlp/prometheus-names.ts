import { perUnitWords, unitWords } from './unit-words.ts'

/** How names of OpenTelemetry become names here: as Prometheus writes them, or left as they are. */
export type NameTranslation = 'underscore' | 'none'

/** What a metric's name gets at its end beside its unit. */
export type NameEnding = 'total' | 'ratio' | undefined

/**
 * The name of a metric as Prometheus would have it, by the rules that OpenTelemetry gives for it: `http.server.request.duration`
 * in `s` becomes `http_server_request_duration_seconds`. Words of the unit that the name has already are not added again.
 */
export function metricName(name: string, unit: string, ending: NameEnding): string {
  const words = name.split(/[^A-Za-z0-9:]+/).filter((word) => word !== '')
  for (const word of unitEnding(unit)) if (!words.includes(word)) words.push(word)
  const isRatio = ending === 'ratio' && unit === '1'
  const last = ending === 'total' || isRatio ? ending : undefined
  const ended = last === undefined ? words : [...words.filter((word) => word !== last), last]
  const joined = ended.join('_')
  return /^\d/.test(joined) ? `_${joined}` : joined
}

/** The name of a label as Prometheus would have it: `http.response.status_code` becomes `http_response_status_code`. */
export function labelName(key: string): string {
  const name = key.replace(/[^A-Za-z0-9_]/g, '_')
  if (/^\d/.test(name)) return `key_${name}`
  return /^_(?!_)/.test(name) ? `key${name}` : name
}

/** What stands for a unit at the end of a name: `By/s` is `bytes` and `per_second`. Remarks in braces stand for nothing. */
function unitEnding(unit: string): readonly string[] {
  const slash = unit.indexOf('/')
  const main = wordsOf(slash < 0 ? unit : unit.slice(0, slash), unitWords)
  const per = slash < 0 ? '' : wordsOf(unit.slice(slash + 1), perUnitWords)
  return [main, per === '' ? '' : `per_${per}`].filter((word) => word !== '')
}

function wordsOf(unit: string, words: ReadonlyMap<string, string>): string {
  const code = unit.trim()
  if (/[{}]/.test(code)) return ''
  const word = words.get(code) ?? code
  return word.replace(/[^A-Za-z0-9:]+/g, '_').replace(/^_+|_+$/g, '')
}
