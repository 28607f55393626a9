import { knownWordsHint } from '../core/model/did-you-mean.ts'
import type { Rational } from '../core/model/rational.ts'
import { globalScope, type RegionSettings } from '../core/model/slo.ts'
import type { Path } from '../documents/source-document.ts'
import { readObjective } from './read-numbers.ts'
import { type Reading, readKeys, readText, readTexts } from './read-values.ts'

/** The series label that holds the region where an SLO names none. */
export const standardRegionLabel = 'region'

/** How regions are told apart and put together. */
export function readRegions(reading: Reading, path: Path): RegionSettings {
  const expected = readTexts(reading, [...path, 'expected'])
  const taken = expected.indexOf(globalScope)
  if (taken >= 0) refuseGlobal(reading, [...path, 'expected', taken])
  return {
    label: readText(reading, [...path, 'label']) ?? standardRegionLabel,
    expected,
    global: readGlobal(readText(reading, [...path, 'global'])),
    objectives: readRegionObjectives(reading, [...path, 'objectives'], expected),
  }
}

function readGlobal(text: string | undefined): RegionSettings['global'] {
  return text === 'worst' || text === 'mean' || text === 'none' ? text : 'events'
}

function readRegionObjectives(
  reading: Reading,
  path: Path,
  expected: readonly string[],
): ReadonlyMap<string, Rational> {
  const objectives = new Map<string, Rational>()
  for (const region of readKeys(reading, path)) {
    const objective = readObjective(reading, [...path, region])
    if (region === globalScope) refuseGlobal(reading, [...path, region])
    else if (expected.length > 0 && !expected.includes(region)) refuseUnknown(reading, [...path, region], expected)
    else if (objective !== undefined) objectives.set(region, objective)
  }
  return objectives
}

function refuseGlobal({ problems }: Reading, path: Path): void {
  const message = `a region cannot be called "${globalScope}": that is the scope of all regions together`
  problems.report({ code: 'WRONG_VALUE', path, message })
}

/** The defaults of a file may be about regions that not all of its SLOs have. */
function refuseUnknown({ document, problems }: Reading, path: Path, expected: readonly string[]): void {
  if (document.isDefault(path)) return
  const region = String(path.at(-1))
  const message = `the region "${region}" has an objective and is not among those expected`
  const hint = knownWordsHint(region, expected)
  problems.report({ code: 'RULE_UNKNOWN_REGION', path, place: document.placeOfKey(path), message, hint })
}
