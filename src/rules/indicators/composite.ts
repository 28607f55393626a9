import type { CompositeIndicator } from '../../core/model/indicator.ts'
import { compositeMembersMax } from '../../core/model/limits.ts'
import type { Path } from '../../documents/source-document.ts'
import { type Reading, readItems, readText } from '../read-values.ts'
import { nameSchema } from '../schema/scalar-schemas.ts'
import type { IndicatorKind } from './indicator-kind.ts'

type Combine = CompositeIndicator['combine']
type Member = CompositeIndicator['of'][number]

const combinations: readonly Combine[] = ['weighted', 'worst', 'all']

/** Other SLOs taken together. */
export const composite: IndicatorKind = {
  schema: {
    description:
      'Other SLOs taken together, from the same counts. It has its own objective, window and alerts; alert on it only in addition to its members, because a member that weighs little is hidden in it.',
    type: 'object',
    properties: {
      combine: {
        description:
          '"weighted": the bad shares of the members, averaged by weight. "worst": the worst of them in each window. "all": an instant is good when all of them are.',
        enum: combinations,
        examples: ['weighted'],
      },
      of: {
        description: 'The SLOs, each once, from any file.',
        type: 'array',
        items: {
          description: 'One SLO and its weight.',
          type: 'object',
          properties: {
            slo: { ...nameSchema, description: 'Name of the SLO.', examples: ['checkout-availability'] },
            weight: {
              description: 'How much it counts beside the others; for "weighted" only.',
              type: 'number',
              exclusiveMinimum: 0,
              errorMessage: 'a weight is a number above 0',
              'x-code': 'WRONG_VALUE',
              default: 1,
              examples: [3],
            },
          },
          required: ['slo'],
          additionalProperties: false,
        },
        minItems: 2,
        maxItems: compositeMembersMax,
        errorMessage: `a composite is made of 2 to ${compositeMembersMax} SLOs`,
        'x-code': 'RULE_COMPOSITE',
        examples: [[{ slo: 'checkout-availability', weight: 3 }, { slo: 'checkout-latency' }]],
      },
    },
    required: ['combine', 'of'],
    additionalProperties: false,
    examples: [{ combine: 'weighted', of: [{ slo: 'availability', weight: 3 }, { slo: 'latency' }] }],
  },
  read(reading, path) {
    const combine = readText(reading, [...path, 'combine'])
    const paths = readItems(reading, [...path, 'of'])
    const members = paths.map((member) => readMember(reading, member, combine))
    const of = members.filter((member) => member !== undefined)
    if (combine === undefined || !isCombination(combine) || of.length === 0 || of.length < members.length) {
      return undefined
    }
    return { kind: 'composite', combine, of }
  },
  print(indicator) {
    if (indicator.kind !== 'composite') return undefined
    const { combine, of } = indicator
    return { combine, of: of.map(({ slo, weight }) => (weight === 1 ? { slo } : { slo, weight })) }
  },
}

function readMember({ document, problems }: Reading, path: Path, combine: string | undefined): Member | undefined {
  const slo = document.at([...path, 'slo'])
  const weight = document.at([...path, 'weight'])
  if (weight !== undefined && combine !== 'weighted' && combine !== undefined && isCombination(combine)) {
    const message = `a weight has no effect with combine: ${combine}`
    const hint = 'leave it out, or write combine: weighted'
    problems.report({ code: 'RULE_COMPOSITE', path: [...path, 'weight'], message, hint })
    return undefined
  }
  if (typeof slo !== 'string' || (weight !== undefined && typeof weight !== 'number')) return undefined
  return { slo, weight: weight ?? 1 }
}

function isCombination(text: string): text is Combine {
  return combinations.some((combination) => combination === text)
}
