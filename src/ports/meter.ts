/**
 * The engine's own metrics, by name. `telemetry` holds the catalogue with help texts and label names and is the
 * only place that knows prom-client.
 */
export interface Meter {
  /** Adds to a counter. */
  count(name: CounterName, labels: MeterLabels, by?: number): void
  /** Sets a gauge. */
  set(name: GaugeName, labels: MeterLabels, value: number): void
  /** Records a duration in seconds. */
  observe(name: HistogramName, labels: MeterLabels, seconds: number): void
}

export type MeterLabels = Readonly<Record<string, string>>

export type CounterName =
  | 'sloburn_ingest_samples_total'
  | 'sloburn_ingest_rejected_samples_total'
  | 'sloburn_ingest_out_of_order_samples_total'
  | 'sloburn_ingest_requests_total'
  | 'sloburn_ingest_resets_total'
  | 'sloburn_ingest_stale_markers_total'
  | 'sloburn_scrapes_total'
  | 'sloburn_ingest_replica_samples_dropped_total'
  | 'sloburn_ingest_replica_failovers_total'
  | 'sloburn_discovery_refreshes_total'
  | 'sloburn_backfill_samples_total'
  | 'sloburn_backfill_queries_total'
  | 'sloburn_queries_total'
  | 'sloburn_evaluation_steps_total'
  | 'sloburn_alert_events_total'
  | 'sloburn_delivery_attempts_total'
  | 'sloburn_deliveries_settled_total'
  | 'sloburn_unstored_attempts_total'
  | 'sloburn_template_failures_total'
  | 'sloburn_deliveries_paced_total'
  | 'sloburn_message_pictures_total'
  | 'sloburn_receiver_callbacks_total'
  | 'sloburn_refused_writes_total'
  | 'sloburn_suppressed_notifications_total'
  | 'sloburn_incident_events_total'
  | 'sloburn_config_reloads_total'
  | 'sloburn_limit_hits_total'
  | 'sloburn_increment_log_failures_total'
  | 'sloburn_regions_forgotten_total'
  | 'sloburn_reports_total'
  | 'sloburn_clock_set_back_total'
  | 'sloburn_export_samples_total'
  | 'sloburn_export_requests_total'

export type GaugeName =
  | 'sloburn_ingest_series'
  | 'sloburn_watermark_timestamp_seconds'
  | 'sloburn_sample_clock_ahead_seconds'
  | 'sloburn_outbox_deliveries'
  | 'sloburn_store_writable'
  | 'sloburn_held_decisions'
  | 'sloburn_open_incidents'
  | 'sloburn_unproven_pages'
  | 'sloburn_config_last_reload_successful'
  | 'sloburn_config_last_reload_success_timestamp_seconds'
  | 'sloburn_checkpoint_timestamp_seconds'
  | 'sloburn_slo_regions'
  | 'sloburn_scrape_targets'
  | 'sloburn_backfill_progress_ratio'
  | 'sloburn_export_queue_bytes'
  | 'sloburn_export_sent_timestamp_seconds'

export type HistogramName =
  | 'sloburn_evaluation_duration_seconds'
  | 'sloburn_commit_duration_seconds'
  | 'sloburn_checkpoint_duration_seconds'
  | 'sloburn_delivery_duration_seconds'
  | 'sloburn_scrape_duration_seconds'
  | 'sloburn_query_duration_seconds'

export const silentMeter: Meter = { count: () => {}, set: () => {}, observe: () => {} }
