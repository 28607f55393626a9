import type { Finding } from '../../documents/problem-collector.ts'
import type { ReadDocument } from '../read-document.ts'
import type { SloDraft } from '../read-slo.ts'
import { indicatorPath } from './slo-lint.ts'

/** Reports composites that contain themselves, an SLO twice, or one that is many. */
export function checkComposites(documents: readonly ReadDocument[]): void {
  const drafts = new Map<string, SloDraft>()
  for (const { draft } of documents.toReversed()) if (draft !== undefined) drafts.set(draft.name, draft)
  for (const { draft, problems } of documents) {
    if (draft === undefined) continue
    for (const [index, member] of membersOf(draft).entries()) {
      const found = memberFault(draft, member, index, drafts)
      const path = [...indicatorPath, 'composite', 'of', index, 'slo']
      if (found !== undefined) problems.reportEach({ code: 'RULE_COMPOSITE', path, ...found })
    }
  }
}

type Fault = Pick<Finding, 'message' | 'hint'>

function memberFault(
  draft: SloDraft,
  member: string,
  index: number,
  drafts: ReadonlyMap<string, SloDraft>,
): Fault | undefined {
  if (member === draft.name) return { message: 'a composite cannot contain itself', hint: 'name another SLO' }
  if (membersOf(draft).indexOf(member) < index) {
    return { message: `"${member}" is contained already`, hint: 'name it once; its weight says how much it counts' }
  }
  const groupBy = drafts.get(member)?.slo.groupBy ?? []
  if (groupBy.length > 0) {
    return {
      message: `"${member}" is many SLOs, one for each ${groupBy.join(' and ')}, and a composite cannot contain them`,
      hint: 'name an SLO without groupBy',
    }
  }
  const way = wayBack(draft.name, member, drafts)
  if (way === undefined) return undefined
  return { message: `composites contain each other: ${[draft.name, ...way].join(' > ')}`, hint: 'break the circle' }
}

/** The SLOs from a member down to the composite that it is to be part of; undefined when none leads there. */
function wayBack(target: string, from: string, drafts: ReadonlyMap<string, SloDraft>): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]])
  const waiting = [from]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === target) return wayTo(name, cameFrom)
    const draft = drafts.get(name)
    for (const member of draft === undefined ? [] : membersOf(draft)) {
      if (cameFrom.has(member)) continue
      cameFrom.set(member, name)
      waiting.push(member)
    }
  }
  return undefined
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const way: string[] = []
  for (let name: string | undefined = end; name !== undefined; name = cameFrom.get(name)) way.unshift(name)
  return way
}

function membersOf({ slo }: SloDraft): readonly string[] {
  return slo.indicator.kind === 'composite' ? slo.indicator.of.map(({ slo: name }) => name) : []
}
