import { type Labels, labelsOf, noLabels } from './labels.ts'

/** Identity of an SLO: its name, and the label values that tell it from others of one declaration. */
export interface SloIdentity {
  readonly name: string
  readonly group: Labels
}

/** One text per SLO: `checkout`, or `checkout{namespace="a"}` for one of many. Names hold no brace. */
export function sloId({ name, group }: SloIdentity): string {
  if (group.size === 0) return name
  return `${name}{${[...group].map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(',')}}`
}

/** What an id says; the inverse of `sloId`. */
export function readSloId(id: string): SloIdentity {
  const brace = id.indexOf('{')
  if (brace < 0) return { name: id, group: noLabels }
  const pairs = [...id.slice(brace).matchAll(/([^={,]+)=("(?:[^"\\]|\\.)*")/g)]
  return {
    name: id.slice(0, brace),
    group: labelsOf(pairs.map(([, label, value]) => [label, String(JSON.parse(value))])),
  }
}
