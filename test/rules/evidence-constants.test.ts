import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { type EvidenceSettings, standardEvidence } from '../../src/core/model/evidence-settings.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'
import { evidenceSchema } from '../../src/rules/schema/evidence-schema.ts'

/** Each constant by its key in a rule file, another value for it, and what the settings then are. */
const changes: Readonly<Record<string, readonly [string, Partial<EvidenceSettings>]>> = {
  falseAlarmEvery: ['365d', { falseAlarmEveryMs: 365 * 86_400_000 }],
  nullBurnRate: ['1.5', { nullBurnRate: 1.5 }],
  burnRates: ['[3, 10]', { burnRates: [3, 10] }],
  'clumps.needed': ['4', { clumps: { ...standardEvidence.clumps, needed: 4 } }],
  'clumps.belowFailures': ['30', { clumps: { ...standardEvidence.clumps, belowFailures: 30 } }],
  'clumps.length': ['1m', { clumps: { ...standardEvidence.clumps, lengthMs: 60_000 } }],
  'clumps.burstLength': ['10m', { clumps: { ...standardEvidence.clumps, burstMs: 600_000 } }],
  'clumps.burstAbove': ['2', { clumps: { ...standardEvidence.clumps, burstAbove: 2 } }],
  'dispersion.block': ['5m', { dispersion: { ...standardEvidence.dispersion, blockMs: 300_000 } }],
  'dispersion.prior': ['3', { dispersion: { ...standardEvidence.dispersion, prior: 3 } }],
  'dispersion.priorWeight': ['7', { dispersion: { ...standardEvidence.dispersion, priorWeight: 7 } }],
  'dispersion.perBlockMax': ['4', { dispersion: { ...standardEvidence.dispersion, perBlockMax: 4 } }],
  'dispersion.max': ['30', { dispersion: { ...standardEvidence.dispersion, max: 30 } }],
  'dispersion.skipAfter': ['1h', { dispersion: { ...standardEvidence.dispersion, skipAfterMs: 3_600_000 } }],
  'dispersion.halvedEvery': ['7d', { dispersion: { ...standardEvidence.dispersion, halvedEveryMs: 7 * 86_400_000 } }],
  materiality: ["'50%'", { materiality: 0.5 }],
  'recovery.burnRate': ['8', { recovery: { ...standardEvidence.recovery, burnRate: 8 } }],
  'recovery.odds': ['1000', { recovery: { ...standardEvidence.recovery, odds: 1_000 } }],
  'hold.for': ['[0s, 1h]', { hold: { ...standardEvidence.hold, forMs: [0, 3_600_000] } }],
  'hold.againWithin': ['2h', { hold: { ...standardEvidence.hold, againWithinMs: 7_200_000 } }],
  'dark.after': ['10m', { dark: { afterMs: 600_000, budgetShare: 0.02, eventsMin: 5 } }],
  'dark.budget': ["'5%'", { dark: { afterMs: 300_000, budgetShare: 0.05, eventsMin: 5 } }],
  'dark.events': ['50', { dark: { afterMs: 300_000, budgetShare: 0.02, eventsMin: 50 } }],
  ticketOdds: ['100', { ticketOdds: 100 }],
}

describe('every constant of the evidence gate', () => {
  test('is listed here', () => {
    const leaves = Object.entries(standardEvidence).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.keys(value).map((inner) => `${name}.${inner}`)
        : [name],
    )
    assert.equal(Object.keys(changes).length, leaves.length)
    assert.deepEqual(Object.keys(changes).toSorted(), Object.keys(defaultsOf(evidenceSchema)).toSorted())
  })

  for (const [key, [written, changed]] of Object.entries(changes)) {
    test(`can be set by itself: ${key}`, async () => {
      assert.deepEqual(await settingsOf(nested({ [key]: written })), { ...standardEvidence, ...changed })
    })
  }

  test('has the value that the schema of rule files says it has', async () => {
    const written = Object.entries(defaultsOf(evidenceSchema)).map(([key, value]) => [key, JSON.stringify(value)])
    assert.deepEqual(await settingsOf(nested(Object.fromEntries(written))), standardEvidence)
  })

  test('stands in docs/evidence.md with its value, and with what it does', async () => {
    const documented = documentedConstants()
    assert.deepEqual(Object.keys(documented).toSorted(), Object.keys(changes).toSorted())
    assert.deepEqual(await settingsOf(nested(documented)), standardEvidence)
  })
})

/** The defaults of a schema by the path of their keys. */
function defaultsOf(schema: object, path = ''): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  const inner = 'properties' in schema ? schema.properties : undefined
  if (typeof inner === 'object' && inner !== null) {
    for (const [name, property] of Object.entries(inner)) {
      const key = path === '' ? name : `${path}.${name}`
      const below = defaultsOf(property, key)
      if (Object.keys(below).length > 0) Object.assign(found, below)
      else if ('default' in property) found[key] = property.default
    }
  }
  return found
}

/** The table of constants as `key: written value`; a row may hold several keys of one mapping. */
function documentedConstants(): Readonly<Record<string, string>> {
  const page = readFileSync(new URL('../../docs/evidence.md', import.meta.url), 'utf8')
  const table = page.slice(page.indexOf('### Constants'))
  const rows = [...table.matchAll(/^\| (`[^|]+`) \| ([^|]+) \|([^|]*)\|$/gm)]
  return Object.fromEntries(
    rows.flatMap(([, keys, values]) => {
      const names = [...keys.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
      const [group] = names[0].split('.')
      const full = names.map((name) => (name.startsWith('.') ? `${group}${name}` : name))
      return full.map((name, index): [string, string] => [name, writtenValue(name, values, index)])
    }),
  )
}

function writtenValue(name: string, values: string, index: number): string {
  const coded = [...values.matchAll(/`([^`]+)`/g)].map(([, value]) => value)
  if (name === 'hold.for') return `[${coded[0]}]`
  if (name === 'burnRates') return `[${values}]`
  const plain = values.split(', ').map((value) => value.replaceAll('`', '').trim())
  const value = name.startsWith('hold.')
    ? coded[index]
    : values.includes(', ')
      ? plain[index]
      : values.replaceAll('`', '')
  const text = value.trim().replace(/(\d),(\d{3})$/, '$1$2')
  return text.endsWith('%') ? `'${text}'` : text
}

/** `{ 'a.b': '1' }` as YAML in one line. */
function nested(values: Readonly<Record<string, string>>): string {
  const groups = Map.groupBy(Object.entries(values), ([key]) => key.split('.')[0])
  const parts = [...groups].map(([group, entries]) => {
    const inner = entries.map(([key, value]) => (key === group ? value : `${key.slice(group.length + 1)}: ${value}`))
    return `${group}: ${entries[0][0] === group ? inner[0] : `{ ${inner.join(', ')} }`}`
  })
  return `{ ${parts.join(', ')} }`
}

async function settingsOf(evidence: string): Promise<EvidenceSettings | undefined> {
  const text = `apiVersion: sloburn/v1
kind: AlertPolicy
metadata: { name: own }
spec:
  rules: [{ severity: page, long: 1h, short: 5m, budget: 2% }]
  evidence: ${evidence}
`
  const { policies, problems } = await parseRules([{ name: 'a.yaml', text }])
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
    evidence,
  )
  return policies[0].evidence
}
