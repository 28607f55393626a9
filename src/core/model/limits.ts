import { dayMs, hourMs, minuteMs, secondMs } from './units.ts'

/** Raw samples kept per series, so that one that arrives late can be put between its neighbours. */
export const recentSamplesPerSeries = 8

/** Samples of one gauge that wait to be read: more than a day at 15 s, for a region that catches up. */
export const gaugeSamplesPerSeriesMax = 10_000

/** A sample further ahead of the clock than this is a wrong clock, and would move the watermark past real data. */
export const futureSampleToleranceMs = 10 * minuteMs

/** Prometheus' own look-back: after this long without a sample nothing is known about a series any more. */
export const staleAfterMaxMs = 5 * minuteMs

/** Four scrapes at the default interval: a shorter hole is jitter or a restart, not missing data. */
export const staleAfterMinMs = minuteMs

/** Largest body accepted by remote write, before decompression; Prometheus sends some 100 KiB. */
export const requestBodyBytesMax = 16 * 1024 * 1024

/** Largest body after decompression: the length is read before anything is allocated. */
export const decompressedBodyBytesMax = 64 * 1024 * 1024

/** Labels of one series; Mimir's default is 30, and a hostile sender must not cost memory. */
export const labelsPerSeriesMax = 64

/** Bytes of one label value; longer ones are stack traces or queries by mistake. */
export const labelValueBytesMax = 4_096

/** Bytes of one label name, as in Mimir. */
export const labelNameBytesMax = 1_024

/** Series remembered per source, wanted or not: about 200 bytes each. */
export const seriesPerSourceMax = 2_000_000

/** Bytes of series names and labels kept per source to recognise its series by; two million at their usual length. */
export const seriesKeyBytesPerSourceMax = 512 * 1024 * 1024

/** A series not seen for so long is forgotten, so that churn cannot fill a source's allowance. */
export const seriesForgottenAfterMs = hourMs

/** Slots looked at for one series before it is refused: chance never needs so many, only names made to collide do. */
export const seriesProbesMax = 256

/** Decoding buffer kept between requests; a larger request gets its own, which is given back. */
export const decodeBufferKeptBytesMax = 8 * 1024 * 1024

/** Bytes of one line of exposition text: a full label set at its limits is shorter. */
export const expositionLineBytesMax = 512 * 1024

/** Steps caught up in one tick before the loop gives way: one hour at 15 s. */
export const catchUpStepsPerTickMax = 240

/** Longest body of a scraped page. */
export const scrapeBodyBytesMax = 64 * 1024 * 1024

/** Unsettled deliveries of one receiver before tickets are refused; pages are never refused. */
export const outboxRowsPerReceiverMax = 10_000

/** Longest wait that a receiver's Retry-After is honoured for. */
export const retryAfterMaxMs = 5 * minuteMs

/** Largest rule file: some ten thousand SLOs; whatever is larger is not a rule file. */
export const ruleFileBytesMax = 8 * 1024 * 1024

/** Counters in one signal: each is matched against every new series. */
export const counterTermsMax = 100

/** Parentheses within each other in one counter expression. */
export const counterNestingMax = 20

/** Compiled regular expressions kept for reuse, by pattern: about 2 KiB each before use, and their state tables grow with use. */
export const compiledPatternsMax = 10_000

/** Settled deliveries stay this long for people to look back at: a month, and the review after it. */
export const deliveriesKeptMs = 45 * 24 * 60 * minuteMs

/**
 * Senders that shard by series deliver one scrape over several connections, each with its own backlog: until a target
 * is known this long, a series not seen before may simply be late.
 */
export const newSeriesSettlingMs = 2 * minuteMs

/** One attempt at a delivery; a receiver may ask for another value. Ten seconds is what Slack and PagerDuty clients wait. */
export const attemptTimeoutMs = 10 * secondMs

/** A receiver that ignores the abort of its attempt is no longer waited for after this. */
export const attemptAbortGraceMs = secondMs

/** Attempts of one receiver under way at once: one address that hangs delays none of the others there. */
export const attemptsInFlightPerReceiverMax = 4

/** Longest pause between attempts for a page: somebody is waiting for it. */
export const pageRetryMaxMs = minuteMs

/** Longest pause between attempts for a ticket. */
export const ticketRetryMaxMs = 10 * minuteMs

/** A ticket that could not be delivered for so long is given up, loudly; a page never is. */
export const ticketDeliveryAgeMaxMs = dayMs

/** An idle outbox is looked at this often, so that a wake-up that got lost costs a minute and not a page. */
export const outboxPollMs = minuteMs

/** Pause after the store failed under the outbox worker. */
export const storeRetryMs = secondMs

/** Bytes of a receiver's answer that are read; no answer we use is near it. */
export const receiverAnswerBytesMax = 64 * 1024

/** Regions named in one message, worst first; the rest is counted. */
export const regionsPerMessageMax = 20

/** Longer than the 60 s after which load balancers drop an idle connection: they must be the first, or requests get lost. */
export const keepAliveMs = 75 * secondMs

/** The whole request must have come by then; remote write gives up after 30 s by itself. */
export const requestTimeoutMs = minuteMs

/** How long requests under way may take to finish when the server closes. */
export const serverCloseGraceMs = 5 * secondMs

/** Alert episodes in one answer of the API, unless asked otherwise. */
export const episodesPerAnswer = 100

/** Alert episodes in one answer of the API at most: some 300 bytes each. */
export const episodesPerAnswerMax = 1_000

/** SLOs on the status page, worst first: it is fetched anew every few seconds, and nobody reads further. */
export const slosPerPageMax = 200

/** Characters of one formula: arithmetic over a handful of signals takes some fifty. */
export const formulaLengthMax = 1_000

/** Parentheses within each other in one formula: the parser descends as deep. */
export const formulaNestingMax = 20

/** Characters of one PromQL expression. */
export const promqlLengthMax = 16_384

/** Depth of the tree of one PromQL expression; a sum of as many counters as a signal may have is some hundred deep. */
export const promqlDepthMax = 500

/** Calendar periods in one list: 27 years of days. */
export const calendarPeriodsMax = 10_000

/** Groups of one SLO with `groupBy`: each costs as much as an SLO, and a label like a user id must not cost the engine. */
export const groupsPerSloMax = 1_000

/** Alert rules of one policy: the windows of each are evaluated at every step. */
export const alertRulesPerPolicyMax = 50

/** Signals of one indicator: each is counted by itself in every region. */
export const signalsPerIndicatorMax = 20

/** SLOs that one composite is made of. */
export const compositeMembersMax = 100

/** Labels that an SLO is divided by: every combination of their values is an SLO of its own. */
export const groupByLabelsMax = 5

/** Objectives in the history of one SLO: one a month for eight years. */
export const objectiveChangesMax = 100

/** Receivers that one severity of an SLO names beside those of the routes. */
export const receiversPerSeverityMax = 20

/** Values of one series in a rule test: two years at one a minute. */
export const ruleTestValuesMax = 1_000_000

/** Values of all series of one rule test: some 40 bytes each while it runs. */
export const ruleTestValuesPerTestMax = 10_000_000

/** Evaluations of one rule test: half a year every 15 s, which takes some twenty seconds for one SLO. */
export const ruleTestStepsMax = 1_000_000

/** Queries of one source under way at once: a Prometheus runs 20 by default, and has others to serve. */
export const queriesInFlightPerSourceMax = 4

/** Longest range that one query asks for after missed answers; what is missing beyond it stays unknown. */
export const querySpanMaxMs = 10 * minuteMs

/** Bytes of an answer to a query: one number takes some two hundred. */
export const queryAnswerBytesMax = 1024 * 1024

/** SLOs named in one log line; the rest is counted. */
export const namesPerLogLineMax = 20
