import * as units from '@grafana/grafana-foundation-sdk/units'

const known = new Set(Object.values(units).map(String))

/** Grafana's unit of a currency; one that it has no sign for is shown by its code. */
export function currencyUnit(code: string): string {
  const unit = `currency${code.toUpperCase()}`
  return known.has(unit) ? unit : `currency:${code}`
}
