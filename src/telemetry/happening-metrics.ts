import { Gauge, type Registry } from 'prom-client'
import { annotationsShownMax, labelValueBytesMax } from '../core/model/limits.ts'
import type { Happenings } from '../ports/happenings.ts'

/**
 * Adds what goes on to a registry: incidents, changes and maintenance, each as a series that is there while it is. They are asked
 * for anew whenever the registry is read, so that they reach whoever is scraped and whoever is sent them alike.
 */
export function happeningMetrics(registry: Registry, happenings: () => Happenings): void {
  shown(registry, {
    name: 'slo_incident_opened_timestamp_seconds',
    help: 'Event time at which an incident opened; there while it is not over.',
    labelNames: ['incident', 'slo', 'service', 'severity'],
    series: () =>
      happenings().incidents.map(({ id, slo, service, severity, openedAt }) => {
        return { labels: { incident: id, slo, service, severity }, value: openedAt / 1_000 }
      }),
  })
  shown(registry, {
    name: 'slo_incident_budget_spent_ratio',
    help: "Share of the whole SLO window's error budget that went since an incident opened; there while it is not over.",
    labelNames: ['incident', 'slo', 'service', 'severity'],
    series: () =>
      happenings().incidents.flatMap(({ id, slo, service, severity, budgetSpent }) => {
        return budgetSpent === null ? [] : [{ labels: { incident: id, slo, service, severity }, value: budgetSpent }]
      }),
  })
  shown(registry, {
    name: 'slo_annotation_timestamp_seconds',
    help: 'When something was changed, such as a deployment; the newest annotations.',
    labelNames: ['annotation', 'kind', 'text', 'service', 'region'],
    series: () => {
      const newest = happenings().annotations.slice(0, annotationsShownMax)
      return newest.map(({ id, kind, text, service, region, at }) => ({
        labels: { annotation: id, kind, text: shortened(text), service: service ?? '', region: region ?? '' },
        value: at / 1_000,
      }))
    },
  })
  shown(registry, {
    name: 'slo_maintenance_active',
    help: 'Always 1; maintenance or a correction that is in force, and what it does to the budget.',
    labelNames: ['maintenance', 'about', 'reason', 'author', 'budget'],
    series: () =>
      happenings().maintenances.map(({ id, about, reason, author, excludeFromBudget }) => {
        const budget = excludeFromBudget ? 'excluded' : 'counted'
        return {
          labels: { maintenance: id, about: shortened(about), reason: shortened(reason), author, budget },
          value: 1,
        }
      }),
  })
}

interface Shown {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly series: () => readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}

function shown(registry: Registry, { name, help, labelNames, series }: Shown): void {
  const gauge = new Gauge({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset()
      for (const { labels, value } of series()) this.set(labels, value)
    },
  })
  registry.registerMetric(gauge)
}

function shortened(text: string): string {
  const lengthMax = labelValueBytesMax / 16
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`
}
