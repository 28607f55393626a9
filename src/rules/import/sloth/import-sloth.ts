import { type Carried, carried, carriedMapping } from '../carried.ts'
import { checkConstructs } from '../check-constructs.ts'
import { countPair } from '../count-pair.ts'
import { type EventSource, readErrorRatio } from '../error-ratio.ts'
import { eventsIndicator } from '../events-indicator.ts'
import type { ForeignValue } from '../foreign-value.ts'
import type { ImportNotes } from '../import-notes.ts'
import { nativeGrouping } from '../native-grouping.ts'
import { nativeLabels } from '../native-labels.ts'
import { nativeLinks } from '../native-links.ts'
import { nativeName } from '../native-name.ts'
import { carriedNumber } from '../native-numbers.ts'
import { queryText } from '../query-text.ts'
import { alertsOff, type SloParts, sloDocument } from '../slo-document.ts'
import { camelCase, slothFileConstructs, slothObjectConstructs } from './sloth-constructs.ts'
import { notePlugins, removesAlerts } from './sloth-plugins.ts'

/** The window of SLOs in Sloth unless it is started with another one. */
export const slothWindow = '30d'

/** Makes an SLO document of each SLO in a file of Sloth, or in a Kubernetes object of it. */
export function importSloth(root: ForeignValue, notes: ImportNotes): Carried[] {
  const isObject = root.at('apiVersion').value !== undefined
  const constructs = isObject ? slothObjectConstructs : slothFileConstructs
  if (!checkConstructs(root, constructs, 'Sloth', notes)) return []
  const group: SlothGroup = {
    version: root.at(isObject ? 'apiVersion' : 'version'),
    spec: isObject ? root.at('spec') : root,
    key: isObject ? camelCase : (name) => name,
  }
  const plugins = group.spec.at(group.key('slo_plugins'))
  const slos = group.spec.at('slos').items()
  notePlugins([plugins, ...slos.map((slo) => slo.at('plugins'))], notes)
  return slos.flatMap((slo) => importSlo(slo, group, notes) ?? [])
}

/** What the SLOs of a file have in common. */
interface SlothGroup {
  readonly version: ForeignValue
  readonly spec: ForeignValue
  /** The keys of the two forms differ in their case. */
  readonly key: (name: string) => string
}

function importSlo(slo: ForeignValue, group: SlothGroup, notes: ImportNotes): Carried | undefined {
  const { spec, key } = group
  const source = readSli(slo.at('sli'), key, notes)
  if (source === undefined) return undefined
  const { indicator, groupBy } = eventsIndicator(source, slo.at('sli'))
  const name = nativeName(`${spec.at('service').text}-${slo.at('name').text}`, slo.at('name'), notes)
  const description = slo.at('description')
  return sloDocument(slo, group.version, name, {
    service: carried(spec.at('service').text ?? '', spec.at('service')),
    description: description.text === undefined ? undefined : carried(description.text, description),
    labels: nativeLabels([spec.at('labels'), slo.at('labels')], notes),
    ...nativeLinks(annotationsOf(slo.at('alerting'), key), notes),
    objective: carriedNumber(slo.at('objective')),
    window: carried(slothWindow, slo),
    ...nativeGrouping(groupBy, slo.at('sli'), notes),
    indicator,
    ...importAlerting(slo, group, notes),
  })
}

function readSli(sli: ForeignValue, key: SlothGroup['key'], notes: ImportNotes): EventSource | undefined {
  const plugin = sli.at('plugin', 'id')
  if (sli.at('plugin').value !== undefined) {
    const message = `the SLI plugin "${plugin.text ?? ''}" is a program that only Sloth can run`
    notes.refuse('IMPORT_REFUSED', plugin, message, 'write the queries that it makes as sli.events')
    return undefined
  }
  const kinds = ['events', 'raw'].filter((kind) => sli.at(kind).value !== undefined)
  if (kinds.length !== 1) {
    const found = kinds.length === 0 ? 'neither' : 'both'
    notes.refuse('RULE_INDICATOR', sli, `an SLI has either "events" or "raw", and this one has ${found}`)
    return undefined
  }
  const ratio = queryText(sli.at('raw', key('error_ratio_query')))
  if (ratio !== undefined) return readErrorRatio(ratio, 'bad', notes)
  const part = queryText(sli.at('events', key('error_query')))
  const total = queryText(sli.at('events', key('total_query')))
  if (part === undefined || total === undefined) return undefined
  return countPair({ given: 'bad', part, total }, false, notes)
}

function annotationsOf(alerting: ForeignValue, key: SlothGroup['key']) {
  const places = [alerting, alerting.at(key('page_alert')), alerting.at(key('ticket_alert'))]
  const entries = places.flatMap((place) => place.at('annotations').entries())
  return entries.map(([name, value]) => ({ name, value }))
}

/** Sloth's windows and factors are those of the SRE Workbook. */
function importAlerting(
  slo: ForeignValue,
  { spec, key }: SlothGroup,
  notes: ImportNotes,
): Pick<SloParts, 'alerting' | 'allow'> {
  const alerting = slo.at('alerting')
  const [page, ticket] = ['page', 'ticket'].map((severity) => alerting.at(key(`${severity}_alert`)))
  if (removesAlerts([spec.at(key('slo_plugins')), slo.at('plugins')])) {
    return alertsOff(alerting, 'the plugins of the Sloth file made no alerts')
  }
  const isOff = [page, ticket].every((alert) => alert.at('disable').value === true)
  if (isOff) return alertsOff(alerting, 'both alerts were disabled in the Sloth file')
  return {
    alerting: carriedMapping(alerting, {
      policy: carried('workbook', alerting),
      page: importAlert(page, notes),
      ticket: importAlert(ticket, notes),
      labels: nativeLabels([alerting.at('labels')], notes),
    }),
  }
}

function importAlert(alert: ForeignValue, notes: ImportNotes): Carried | undefined {
  if (alert.at('disable').value === true) return carried(false, alert.at('disable'))
  const labels = nativeLabels([alert.at('labels')], notes)
  return labels === undefined ? undefined : carriedMapping(alert, { labels })
}
