/** A share as a percentage; "—" where it is not known. */
export function percent(ratio: number | null, digits: number): string {
  return ratio === null ? '—' : `${(ratio * 100).toFixed(digits)} %`
}
