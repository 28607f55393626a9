import type { Builder } from '@grafana/grafana-foundation-sdk/cog'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type { Step, Word } from '../dashboard.ts'

/** Colours from values on, in a form that an override takes too. */
export function thresholds(steps: readonly Step[]): Builder<dashboard.ThresholdsConfig> {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(({ from, color }) => ({ value: from, color })))
}

/** Words for values, in the order given. */
export function valueMap(words: readonly Word[]): dashboard.ValueMapping {
  const results = words.map(({ value, text, color }, index) => [String(value), { text, color, index }] as const)
  return { type: dashboard.MappingType.ValueToText, options: Object.fromEntries(results) }
}
