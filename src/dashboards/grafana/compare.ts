import { isMapping } from '../../core/model/mapping.ts'

/** One place in which two dashboards differ; undefined is nothing there. */
export interface Difference {
  /** Keys and indices, such as `/panels/3/title`. */
  readonly path: string
  readonly ours: unknown
  readonly theirs: unknown
}

/** What Grafana itself adds to the top of a dashboard that it stores. */
const added = new Set(['id', 'version', 'iteration'])

/** Where a dashboard in Grafana is not what was made, in the order of what was made; additions of Grafana's own are none. */
export function differences(ours: unknown, theirs: unknown): readonly Difference[] {
  if (!isMapping(ours) || !isMapping(theirs)) return compare(ours, theirs, '')
  const kept = Object.entries(theirs).filter(([key]) => key in ours || !added.has(key))
  return compare(ours, Object.fromEntries(kept), '')
}

function compare(ours: unknown, theirs: unknown, path: string): readonly Difference[] {
  if (isMapping(ours) && isMapping(theirs)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(theirs).toSorted()])
    return [...keys].flatMap((key) => compare(ours[key], theirs[key], `${path}/${key}`))
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const indices = [...(ours.length < theirs.length ? theirs : ours).keys()]
    return indices.flatMap((index) => compare(ours[index], theirs[index], `${path}/${index}`))
  }
  return ours === theirs || (isNothing(ours) && isNothing(theirs)) ? [] : [{ path, ours, theirs }]
}

/** Grafana leaves out what is empty, or writes it out. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  return value === undefined || value === null || (isMapping(value) && Object.keys(value).length === 0)
}
