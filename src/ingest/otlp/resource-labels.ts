import { createHash } from 'node:crypto'
import { compareTexts } from '../../core/model/text-order.ts'
import type { Attribute } from '../wire/otlp-attributes.ts'
import { labelName, type NameTranslation } from './prometheus-names.ts'

/** Which attributes of a resource become labels, and how names are written. */
export interface LabelSettings {
  readonly resourceAttributes: readonly string[]
  readonly translation: NameTranslation
}

/**
 * The labels that every series of a resource gets: `job` and `instance`, which say whose process it is, the attributes that
 * normalised labels are made of further on (`region` of `cloud_region`), and those that the config lists.
 */
export function resourceLabels(attributes: readonly Attribute[], settings: LabelSettings): Map<string, string> {
  const values = new Map(attributes.map(({ key, text }) => [key, text]))
  const labels = new Map<string, string>()
  const put = (label: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') labels.set(label, value)
  }
  for (const key of [...attributesAlwaysTaken, ...settings.resourceAttributes]) {
    put(settings.translation === 'none' ? key : labelName(key), values.get(key))
  }
  put('job', jobOf(values))
  put('instance', instanceOf(attributes, values))
  return labels
}

/** Where and what a process is, in the current and the former semantic conventions. */
const attributesAlwaysTaken = [
  'cloud.region',
  'cloud.availability_zone',
  'service.name',
  'deployment.environment',
  'deployment.environment.name',
]

function jobOf(values: ReadonlyMap<string, string>): string | undefined {
  const name = values.get('service.name')
  const namespace = values.get('service.namespace') ?? ''
  return name === undefined || namespace === '' ? name : `${namespace}/${name}`
}

/**
 * Two processes must never share a series: their counters would look like one that starts again and again. Where a resource does
 * not name its instance, a digest of all it says stands for it, after the name of the machine or pod if there is one.
 */
function instanceOf(attributes: readonly Attribute[], values: ReadonlyMap<string, string>): string | undefined {
  const named = values.get('service.instance.id')
  if (named !== undefined && named !== '') return named
  if (attributes.length === 0) return undefined
  const host = hostAttributes.map((key) => values.get(key)).find((value) => value !== undefined && value !== '')
  const whole = createHash('sha256')
    .update(JSON.stringify([...values].toSorted(([a], [b]) => compareTexts(a, b))))
    .digest('hex')
    .slice(0, digestLength)
  return host === undefined ? whole : `${host}-${whole}`
}

const hostAttributes = ['k8s.pod.name', 'container.name', 'host.name', 'container.id', 'host.id']

/** 48 bits: among a million resources two are alike with a chance of one in five hundred. */
const digestLength = 12
