import type { Address } from './address.ts'
import { conditionNamed } from './condition.ts'
import type { ListChoice, SortKey } from './list-model.ts'

/** Parts of the address that choose what the list shows. */
export type ChoiceParts = Readonly<
  Partial<
    Record<
      'q' | 'state' | 'service' | 'region' | OwnLabel | 'label' | 'group' | 'sort' | 'desc' | 'hide',
      string | undefined
    >
  >
>

/** Labels that most have; each has a filter of its own. */
export const ownLabels = ['team', 'tier'] as const

/** One of them. */
export type OwnLabel = (typeof ownLabels)[number]

const sortKeys: readonly SortKey[] = ['urgency', 'name', 'service', 'objective', 'sli', 'budget', 'lasts', 'since']

/** What the list is to show, as the address says. */
export function choiceOf(address: Address): ListChoice {
  return {
    search: address.get('q') ?? '',
    states: (address.get('state') ?? '').split(',').flatMap((word) => conditionNamed(word) ?? []),
    service: address.get('service') ?? '',
    region: address.get('region') ?? '',
    labels: labelsOf(address),
    group: address.get('group') ?? '',
    sort: sortKeys.find((key) => key === address.get('sort')) ?? 'urgency',
    isReversed: address.get('desc') === '1',
  }
}

/** `team` and `tier` by their names, any other as `label=name:value`. */
function labelsOf(address: Address): ReadonlyMap<string, string> {
  const [name, ...value] = (address.get('label') ?? '').split(':')
  const own = ownLabels.map((label): [string, string] => [label, address.get(label) ?? ''])
  return new Map([...own, [name, value.join(':')] as const].filter(([, wanted]) => wanted !== ''))
}

/** The columns that are not shown. */
export function hiddenColumns(address: Address): readonly string[] {
  return (address.get('hide') ?? '').split(',').filter((key) => key !== '')
}
