import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'

/** The plugin that makes Sloth's alerts. */
const alertRules = 'sloth.dev/core/alert_rules/v1'

/** What there is in the place of the plugins that Sloth ships. */
export const slothPlugins: ReadonlyMap<string, string> = new Map([
  [alertRules, 'sloburn alerts by itself'],
  ['sloth.dev/core/sli_rules/v1', 'sloburn counts by itself'],
  ['sloth.dev/core/metadata_rules/v1', 'sloburn has metrics of its own about every SLO'],
  ['sloth.dev/core/validate/v1', 'sloburn checks every file by itself'],
  ['sloth.dev/core/debug/v1', 'it only writes into the log of Sloth'],
  ['sloth.dev/core/noop/v1', 'it does nothing'],
  ['sloth.dev/contrib/validate_victoria_metrics/v1', 'sloburn reads the queries by itself, as PromQL'],
  ['sloth.dev/contrib/info_labels/v1', 'there is no info metric; labels of the SLO stand under "labels"'],
  ['sloth.dev/contrib/remove_labels/v1', 'labels of the SLO are no part of what is counted'],
  ['sloth.dev/contrib/rule_intervals/v1', 'evaluation.interval of the engine config says how often is evaluated'],
  ['sloth.dev/contrib/sli_total_amount_rules/v1', 'the events of every SLO are counted and shown'],
  ['sloth.dev/contrib/alert_for/v1', 'an AlertPolicy says "for"'],
  [
    'sloth.dev/contrib/denominator_corrected_rules/v1',
    'the ratio is not corrected for low traffic; the policy "standard" is meant for it',
  ],
  ['sloth.dev/contrib/error_budget_exhausted_alert/v1', 'there is no alert on a spent budget'],
])

/** Names each plugin of the chains with what there is in its place. */
export function notePlugins(chains: readonly ForeignValue[], notes: ImportNotes): void {
  const named = new Set<string>()
  for (const plugin of chains.flatMap((chain) => chain.at('chain').items())) {
    const id = plugin.at('id').text ?? ''
    if (named.has(id)) continue
    named.add(id)
    const reason = slothPlugins.get(id) ?? 'it is a program that only Sloth can run'
    notes.warn('IMPORT_LEFT_OUT', plugin.at('id'), `the plugin ${id} is left out: ${reason}`)
  }
}

/** Whether a chain puts others out of force and then makes no alerts itself. */
export function removesAlerts(chains: readonly ForeignValue[]): boolean {
  const last = chains.findLastIndex((chain) => chain.at('overridePrevious').value === true)
  if (last < 0) return false
  const ids = chains.slice(last).flatMap((chain) =>
    chain
      .at('chain')
      .items()
      .map((plugin) => plugin.at('id').text),
  )
  return !ids.includes(alertRules)
}
