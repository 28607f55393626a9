import { otlpMetricsPerSourceMax } from '../../core/model/limits.ts'
import type { EpochMs } from '../../core/model/units.ts'
import type { SeriesAllowance } from '../series-allowance.ts'
import { isRefusal } from '../wire/label-collector.ts'
import { type Attribute, readAttributes, readText } from '../wire/otlp-attributes.ts'
import { kindCode, type MetricKind, otlpFields } from '../wire/otlp-fields.ts'
import type { Refusal } from '../wire/series-visitor.ts'
import { type PointContext, translated } from './point-labels.ts'
import { labelName, metricName, type NameEnding } from './prometheus-names.ts'
import { type LabelSettings, resourceLabels } from './resource-labels.ts'
import { ScopedKeys } from './scoped-keys.ts'

/** A metric of a scope of a resource, as its points need to know it. */
export interface MetricContext extends PointContext {
  /** Why none of its points can be taken. */
  readonly refusal: Refusal | undefined
}

type HeadLabels = ReadonlyMap<string, string> | Refusal

/** Room for the code of a kind beside the number of a scope. */
const kindsPerScope = 16

/** Recognises resources, scopes and metrics by their bytes, so that their names are translated once. */
export class MetricContexts {
  readonly #settings: LabelSettings
  readonly #allowance: SeriesAllowance
  readonly #resources = new ScopedKeys()
  readonly #scopes = new ScopedKeys()
  readonly #metrics = new ScopedKeys()
  #resourceLabels: HeadLabels[] = []
  #scopeLabels: HeadLabels[] = []
  #contexts: MetricContext[] = []
  #resource = 0
  #scope = 0
  /** Why nothing of the resource or scope at hand can be taken. */
  #refusal: Refusal | undefined

  constructor(settings: LabelSettings, allowance: SeriesAllowance) {
    this.#settings = settings
    this.#allowance = allowance
  }

  /** How many resources, scopes and metrics are known. */
  get size(): number {
    return this.#resources.size + this.#scopes.size + this.#metrics.size
  }

  begin(now: EpochMs): void {
    for (const keys of [this.#resources, this.#scopes, this.#metrics]) keys.begin(now)
  }

  end(): void {
    for (const keys of [this.#resources, this.#scopes, this.#metrics]) keys.end()
  }

  resource(bytes: Uint8Array, start: number, end: number): void {
    const known = this.#resources.find(0, bytes, start, end)
    this.#resource = known >= 0 ? known : this.#add(this.#resources, 0, bytes, start, end)
    if (known < 0 && this.#resource >= 0) {
      const attributes = readAttributes(bytes, start, end, otlpFields.resource.attributes)
      this.#resourceLabels[this.#resource] =
        'reason' in attributes ? attributes : resourceLabels(attributes, this.#settings)
    }
    this.#refusal = this.#resource < 0 ? tooManyMetrics : refusalOf(this.#resourceLabels[this.#resource])
  }

  scope(bytes: Uint8Array, start: number, end: number): void {
    this.#refusal = this.#resource < 0 ? tooManyMetrics : refusalOf(this.#resourceLabels[this.#resource])
    if (this.#refusal !== undefined) return
    const known = this.#scopes.find(this.#resource, bytes, start, end)
    this.#scope = known >= 0 ? known : this.#add(this.#scopes, this.#resource, bytes, start, end)
    if (known < 0 && this.#scope >= 0) this.#scopeLabels[this.#scope] = this.#readScope(bytes, start, end)
    this.#refusal = this.#scope < 0 ? tooManyMetrics : refusalOf(this.#scopeLabels[this.#scope])
  }

  /** The number of a metric, or why its points are not taken. */
  metric(kind: MetricKind, bytes: Uint8Array, start: number, end: number): number | Refusal {
    if (this.#refusal !== undefined) return this.#refusal
    const scope = this.#scope * kindsPerScope + kindCode(kind)
    const known = this.#metrics.find(scope, bytes, start, end)
    if (known >= 0) return this.#contexts[known].refusal ?? known
    const added = this.#add(this.#metrics, scope, bytes, start, end)
    if (added < 0) return tooManyMetrics
    this.#contexts[added] = this.#readMetric(kind, bytes, start, end)
    return this.#contexts[added].refusal ?? added
  }

  context(metric: number): MetricContext {
    return this.#contexts[metric]
  }

  /** Forgets what was not seen since; answers the new number of each metric, −1 for those that are gone. */
  keepSeenSince(since: EpochMs): Int32Array {
    const before = this.#keyBytes()
    const resources = this.#resources.keepSeenSince(since, (scope) => scope)
    const scopes = this.#scopes.keepSeenSince(since, (resource) => resources[resource])
    const metrics = this.#metrics.keepSeenSince(since, (scope) => {
      return scopes[Math.floor(scope / kindsPerScope)] * kindsPerScope + (scope % kindsPerScope)
    })
    this.#resourceLabels = moved(this.#resourceLabels, resources)
    this.#scopeLabels = moved(this.#scopeLabels, scopes)
    this.#contexts = moved(this.#contexts, metrics)
    this.#allowance.keyBytesLeft += before - this.#keyBytes()
    return metrics
  }

  #keyBytes(): number {
    let sum = 0
    for (const keys of [this.#resources, this.#scopes, this.#metrics]) {
      for (let entry = 0; entry < keys.size; entry++) sum += keys.key(entry).length
    }
    return sum
  }

  #add(keys: ScopedKeys, scope: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.size >= otlpMetricsPerSourceMax || this.#allowance.keyBytesLeft < end - start) return -1
    const added = keys.add(scope, bytes, start, end)
    if (added >= 0) this.#allowance.keyBytesLeft -= end - start
    return added
  }

  #readScope(bytes: Uint8Array, start: number, end: number): HeadLabels {
    const { scope } = otlpFields
    const name = readText(bytes, start, end, scope.name)
    const version = readText(bytes, start, end, scope.version)
    const attributes = readAttributes(bytes, start, end, scope.attributes)
    if (name === undefined || version === undefined) return scopeNotUtf8
    if ('reason' in attributes) return attributes
    return scopeLabels(name, version, attributes, this.#settings)
  }

  #readMetric(kind: MetricKind, bytes: Uint8Array, start: number, end: number): MetricContext {
    const name = readText(bytes, start, end, otlpFields.metric.name)
    const unit = readText(bytes, start, end, otlpFields.metric.unit) ?? ''
    const { translation } = this.#settings
    const shown = name === undefined || translation === 'none' ? (name ?? '') : metricName(name, unit, endingOf(kind))
    return {
      kind,
      name: shown,
      refusal: this.#refusalOfMetric(kind, name, shown),
      resourceLabels: labelsOnly(this.#resourceLabels[this.#resource]),
      scopeLabels: labelsOnly(this.#scopeLabels[this.#scope]),
    }
  }

  #refusalOfMetric(kind: MetricKind, name: string | undefined, shown: string): Refusal | undefined {
    if (name === undefined) return { reason: 'invalid_utf8', detail: 'the name of a metric is not UTF-8' }
    if (shown === '') {
      return { reason: 'no_metric_name', detail: `no name is left of a metric called ${JSON.stringify(name)}` }
    }
    const detail = unreadableKinds.get(kind)
    if (detail === undefined) return undefined
    const reason = kind === 'delta-up-down' ? 'delta_up_down' : 'no_temporality'
    return { reason, detail: `${detail} (metric ${name})` }
  }
}

/** Kinds whose points mean nothing, and what their sender can do. */
const noTemporality = 'neither delta nor cumulative: the aggregation temporality is not set'
const unreadableKinds: ReadonlyMap<MetricKind, string> = new Map<MetricKind, string>([
  ['delta-up-down', 'changes of a value whose beginning nobody knows: send up-down counters as cumulative'],
  ['sum-without-temporality', noTemporality],
  ['histogram-without-temporality', noTemporality],
  ['exponential-without-temporality', noTemporality],
])

/** Two scopes may have metrics of one name, and their series must not be taken for one. */
function scopeLabels(
  name: string,
  version: string,
  attributes: readonly Attribute[],
  { translation }: LabelSettings,
): ReadonlyMap<string, string> {
  const labels = new Map<string, string>()
  for (const [label, value] of translated(attributes, 'none')) {
    const scoped = `otel_scope_${label}`
    labels.set(translation === 'none' ? scoped : labelName(scoped), value)
  }
  if (name !== '') labels.set('otel_scope_name', name)
  if (version !== '') labels.set('otel_scope_version', version)
  return labels
}

function endingOf(kind: MetricKind): NameEnding {
  if (kind === 'cumulative-sum' || kind === 'delta-sum') return 'total'
  return kind === 'gauge' ? 'ratio' : undefined
}

function moved<T>(from: readonly T[], numbers: Int32Array): T[] {
  const to: T[] = []
  for (const [entry, value] of from.entries()) if (numbers[entry] >= 0) to[numbers[entry]] = value
  return to
}

function refusalOf(labels: HeadLabels): Refusal | undefined {
  return isRefusal(labels) ? labels : undefined
}

function labelsOnly(labels: HeadLabels): ReadonlyMap<string, string> {
  return isRefusal(labels) ? new Map() : labels
}

const scopeNotUtf8: Refusal = { reason: 'invalid_utf8', detail: 'the scope is not UTF-8' }

const tooManyMetrics: Refusal = {
  reason: 'series_limit',
  detail: `more than ${otlpMetricsPerSourceMax} resources, scopes and metrics, or names too long to keep that many`,
}
