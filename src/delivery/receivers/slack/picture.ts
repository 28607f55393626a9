import { pictureTimeoutMs } from '../../../core/model/limits.ts'
import type { Notification } from '../../../core/model/notification.ts'
import type { EpochMs } from '../../../core/model/units.ts'
import type { Clock } from '../../../ports/clock.ts'
import { burnChart, type Chart } from '../../chart/burn-chart.ts'
import { truncate } from '../../plain-text.ts'
import type { HttpClient } from '../http-call.ts'
import { slackClient } from './client.ts'
import type { SlackConfig } from './config.ts'
import type { SlackReference } from './message.ts'

/** What a picture is shared with, during the attempt that told what it shows. */
export interface PictureWorld {
  readonly settings: SlackConfig
  readonly call: HttpClient
  readonly signal: AbortSignal
  readonly clock: Clock
}

/** What became of a picture. */
export type PictureOutcome = 'shared' | 'failed' | 'none'

/** Lengths in characters that Slack takes of a picture's words. */
const altTextMax = 1_000

/**
 * Puts the picture of a page into the thread of its message, once that has arrived. It is no block of the message itself: Slack refuses
 * all of a message whose picture it has not worked off yet, and somebody is to be woken by the words alone. Never throws.
 */
export async function sharePicture(
  notification: Notification,
  thread: SlackReference,
  world: PictureWorld,
): Promise<PictureOutcome> {
  const chart = notification.severity === 'page' ? burnChart(notification) : undefined
  if (chart === undefined) return 'none'
  const over = new AbortController()
  const signal = AbortSignal.any([world.signal, over.signal])
  const { clock } = world
  const limit = clock.sleepUntil(clock.now() + pictureTimeoutMs, signal).then(
    () => over.abort(),
    () => {},
  )
  try {
    return (await upload(chart, thread, { ...world, signal })) ? 'shared' : 'failed'
  } catch {
    // An upload that found no answer: what it would say stands in the message already.
    return 'failed'
  } finally {
    over.abort()
    await limit
  }
}

/** Three calls: where to put it, the bytes, and where it is to be seen. */
async function upload(chart: Chart, thread: SlackReference, world: PictureWorld): Promise<boolean> {
  const { settings, call, signal, clock } = world
  const now = (): EpochMs => clock.now()
  const client = slackClient(settings, { call, signal, now })
  const file = { filename: 'burn-rate.png', length: chart.png.length, alt_txt: truncate(chart.alt, altTextMax) }
  const place = await client((web) => web.files.getUploadURLExternal(file))
  const { upload_url: address, file_id: id } = place.result ?? {}
  if (address === undefined || id === undefined || !isOfSlack(address, settings.apiUrl)) return false
  const headers = { 'content-type': 'image/png' }
  const { status } = await call({ method: 'POST', url: new URL(address), headers, body: chart.png, signal })
  if (status !== 200) return false
  const files: [{ id: string; title: string }] = [{ id, title: 'Burn rate' }]
  const shared = await slackClient(settings, { call, signal, now })((web) =>
    web.files.completeUploadExternal({ files, channel_id: thread.channel, thread_ts: thread.ts }),
  )
  return shared.outcome.kind === 'delivered'
}

/** An answer may name no other place than Slack's own, or the one that the config names for it. */
function isOfSlack(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host, hostname } = new URL(address)
  if (host === new URL(apiUrl).host) return true
  return protocol === 'https:' && /(^|\.)slack(-gov)?\.com$/.test(hostname)
}
