import type { CounterName, GaugeName, HistogramName } from '../ports/meter.ts'

/** What stands on `/metrics` beside a metric's values. */
export interface MetricEntry {
  readonly help: string
  readonly labels: readonly string[]
}

export interface HistogramEntry extends MetricEntry {
  readonly bucketsSeconds: readonly number[]
}

/** From a statement on a fast disk to one that waits for it. */
const storageBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
/** From an answer in the same rack to the limit of an attempt. */
const networkBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

export const counters: Readonly<Record<CounterName, MetricEntry>> = {
  sloburn_ingest_samples_total: {
    help: 'Samples of wanted series that were counted.',
    labels: ['source'],
  },
  sloburn_ingest_rejected_samples_total: {
    help: 'Samples of wanted series that were not counted, by reason.',
    labels: ['source', 'reason'],
  },
  sloburn_ingest_out_of_order_samples_total: {
    help: 'Samples that were counted and put between earlier ones.',
    labels: ['source'],
  },
  sloburn_ingest_requests_total: {
    help: 'Requests that brought samples, by the HTTP status they were answered with.',
    labels: ['source', 'status'],
  },
  sloburn_ingest_resets_total: {
    help: 'Counters seen to start again from zero.',
    labels: ['source'],
  },
  sloburn_ingest_stale_markers_total: {
    help: 'Markers that a series has ended.',
    labels: ['source'],
  },
  sloburn_scrapes_total: {
    help: 'Scrapes of targets, by outcome.',
    labels: ['source', 'outcome'],
  },
  sloburn_ingest_replica_samples_dropped_total: {
    help: 'Samples of replicas that are not the elected one of their cluster.',
    labels: ['source', 'cluster'],
  },
  sloburn_ingest_replica_failovers_total: {
    help: 'Times that another replica took over because the elected one sent nothing.',
    labels: ['source', 'cluster'],
  },
  sloburn_discovery_refreshes_total: {
    help: 'Times that targets were looked up, by kind and outcome.',
    labels: ['source', 'kind', 'outcome'],
  },
  sloburn_backfill_samples_total: {
    help: 'Samples of history that were counted.',
    labels: ['source'],
  },
  sloburn_backfill_queries_total: {
    help: 'Queries for history asked of an API, by outcome.',
    labels: ['source', 'outcome'],
  },
  sloburn_queries_total: {
    help: 'Query indicators asked of an API, by outcome.',
    labels: ['source', 'outcome'],
  },
  sloburn_evaluation_steps_total: {
    help: 'Scopes evaluated, summed over ticks.',
    labels: [],
  },
  sloburn_alert_events_total: {
    help: 'Alerts that fired or resolved.',
    labels: ['event', 'severity'],
  },
  sloburn_delivery_attempts_total: {
    help: 'Attempts to deliver a message, by outcome.',
    labels: ['receiver', 'outcome'],
  },
  sloburn_deliveries_settled_total: {
    help: 'Messages that need no further attempt, by how they ended.',
    labels: ['receiver', 'status'],
  },
  sloburn_unstored_attempts_total: {
    help: 'Attempts at pages that went out of memory because the store could not be written, by outcome.',
    labels: ['receiver', 'outcome'],
  },
  sloburn_template_failures_total: {
    help: 'Own texts of a receiver that could not be filled, so that the built-in ones went out.',
    labels: ['receiver'],
  },
  sloburn_deliveries_paced_total: {
    help: 'Messages that waited because their receiver is told no faster: Slack once a second, others by maxPerMinute.',
    labels: ['receiver'],
  },
  sloburn_message_pictures_total: {
    help: 'Pictures of pages that a chat was to show beside the words, by what became of them.',
    labels: ['receiver', 'outcome'],
  },
  sloburn_receiver_callbacks_total: {
    help: 'What the services of receivers posted back, by what became of it.',
    labels: ['receiver', 'outcome'],
  },
  sloburn_refused_writes_total: {
    help: 'Writes to the API by somebody who may not, by the HTTP status they were answered with.',
    labels: ['status'],
  },
  sloburn_suppressed_notifications_total: {
    help: 'Alert events that nobody was told of, by reason.',
    labels: ['reason'],
  },
  sloburn_incident_events_total: {
    help: 'Decisions about incidents, by kind.',
    labels: ['kind'],
  },
  sloburn_config_reloads_total: {
    help: 'Reloads of config and rules, by outcome.',
    labels: ['outcome'],
  },
  sloburn_limit_hits_total: {
    help: 'Times that a named limit was reached and something was refused.',
    labels: ['limit'],
  },
  sloburn_reports_total: {
    help: 'Reports on a schedule by what became of them: delivered, rejected, retried, failed when they could not be made, missed when they were too late.',
    labels: ['report', 'outcome'],
  },
  sloburn_increment_log_failures_total: {
    help: 'Increments of OpenTelemetry that were counted and could not be logged: a crash before the next checkpoint loses them.',
    labels: [],
  },
  sloburn_regions_forgotten_total: {
    help: 'Regions that are no regions of an SLO any more, because they are not expected and were not seen for so long.',
    labels: ['slo', 'region'],
  },
  sloburn_clock_set_back_total: {
    help: 'How often the clock of this machine was put back while the engine ran.',
    labels: [],
  },
  sloburn_export_samples_total: {
    help: 'Samples of our own series for a store: sent, rejected by it, or dropped because it was away for too long.',
    labels: ['export', 'outcome'],
  },
  sloburn_export_requests_total: {
    help: 'Attempts to send our own series to a store, by outcome.',
    labels: ['export', 'outcome'],
  },
}

export const gauges: Readonly<Record<GaugeName, MetricEntry>> = {
  sloburn_ingest_series: {
    help: 'Series known to a source, wanted by an SLO or not.',
    labels: ['source', 'wanted'],
  },
  sloburn_watermark_timestamp_seconds: {
    help: 'Event time up to which the data of a region is complete.',
    labels: ['region'],
  },
  sloburn_sample_clock_ahead_seconds: {
    help: 'By how much the time that samples are stamped by is ahead of the clock of this machine, since that was put back.',
    labels: [],
  },
  sloburn_outbox_deliveries: {
    help: 'Messages that wait for delivery.',
    labels: ['receiver'],
  },
  sloburn_store_writable: {
    help: 'Whether the store takes what is decided; at 0 it is held in memory, and pages go out from there.',
    labels: [],
  },
  sloburn_held_decisions: {
    help: 'What waits in memory for the store to be written again: turns of the engine, and outcomes of attempts.',
    labels: [],
  },
  sloburn_open_incidents: {
    help: 'Incidents that are not over.',
    labels: ['severity'],
  },
  sloburn_unproven_pages: {
    help: 'Open pages that are not known to have arrived: on their way, for too long, or neither, which must never be.',
    labels: ['state'],
  },
  sloburn_config_last_reload_successful: {
    help: 'Whether the last load of config and rules succeeded.',
    labels: [],
  },
  sloburn_config_last_reload_success_timestamp_seconds: {
    help: 'When config and rules were last loaded with success.',
    labels: [],
  },
  sloburn_checkpoint_timestamp_seconds: {
    help: 'When windows and last counter values were last stored.',
    labels: [],
  },
  sloburn_scrape_targets: {
    help: 'Targets that are scraped.',
    labels: ['source'],
  },
  sloburn_backfill_progress_ratio: {
    help: 'The share of the wanted history that was read; 1 when nothing is missing.',
    labels: ['source'],
  },
  sloburn_slo_regions: {
    help: 'Pairs of SLO and region that are evaluated.',
    labels: [],
  },
  sloburn_export_queue_bytes: {
    help: 'Bytes of our own series that wait for a store.',
    labels: ['export'],
  },
  sloburn_export_sent_timestamp_seconds: {
    help: 'The time of the newest samples that a store has taken.',
    labels: ['export'],
  },
}

export const histograms: Readonly<Record<HistogramName, HistogramEntry>> = {
  sloburn_evaluation_duration_seconds: {
    help: 'Time of one tick: evaluation, decisions and their commit.',
    labels: [],
    bucketsSeconds: storageBuckets,
  },
  sloburn_commit_duration_seconds: {
    help: 'Time to store what one tick decided.',
    labels: [],
    bucketsSeconds: storageBuckets,
  },
  sloburn_checkpoint_duration_seconds: {
    help: 'Time to store windows and last counter values.',
    labels: [],
    bucketsSeconds: storageBuckets,
  },
  sloburn_delivery_duration_seconds: {
    help: 'Time of one attempt to deliver a message.',
    labels: ['receiver'],
    bucketsSeconds: networkBuckets,
  },
  sloburn_scrape_duration_seconds: {
    help: 'Time of one scrape of one target.',
    labels: ['source'],
    bucketsSeconds: networkBuckets,
  },
  sloburn_query_duration_seconds: {
    help: 'Time of one query to an API.',
    labels: ['source'],
    bucketsSeconds: networkBuckets,
  },
}
