/** Turns a JSON log line into one for people: `12:00:05 WARN  alert fired slo=checkout severity=page`. */
export function readableLine(json: string): string {
  const entry: unknown = JSON.parse(json)
  if (typeof entry !== 'object' || entry === null) return json
  const { time, level, msg, ...fields } = Object.fromEntries(Object.entries(entry))
  const clock = String(time).slice(11, 19)
  const details = Object.entries(fields).map(([name, value]) => ` ${name}=${readable(value)}`)
  return `${clock} ${String(level).toUpperCase().padEnd(5)} ${String(msg)}${details.join('')}\n`
}

function readable(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) || value === '' ? JSON.stringify(value) : value
  if (isErrorEntry(value)) return JSON.stringify(value.message)
  return JSON.stringify(value)
}

/** The form in which the logger writes an Error; its stack stays in the JSON format. */
function isErrorEntry(value: unknown): value is { readonly message: string } {
  return typeof value === 'object' && value !== null && 'stack' in value && 'message' in value
}
