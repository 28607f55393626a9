import { dayMs, hourMs, minuteMs, secondMs } from './units.ts'

// In the order of a sample's way in and a page's way out: requests and series, each way in, counts, days, rules, evaluation, incidents,
// messages, deliveries, receivers, the store that cannot be written, our own series, the API, reports.

/** Largest body accepted by remote write, before decompression; Prometheus sends some 100 KiB. */
export const requestBodyBytesMax = 16 * 1024 * 1024

/** Largest body after decompression: the length is read before anything is allocated. */
export const decompressedBodyBytesMax = 64 * 1024 * 1024

/** Bytes of all bodies that are being received at once; a sender beyond it is told to come back. */
export const bodiesInFlightBytesMax = 256 * 1024 * 1024

/** When a sender that was turned away for now should come back; some senders wait exactly as long. */
export const overloadRetryAfterMs = 5 * secondMs

/** Buffer kept for putting bodies together; larger ones get their own, which is given back. */
export const bodyBufferKeptBytesMax = 2 * 1024 * 1024

/** Decoding buffer kept between requests; a larger request gets its own, which is given back. */
export const decodeBufferKeptBytesMax = 8 * 1024 * 1024

/** The whole request must have come by then; remote write gives up after 30 s by itself. */
export const requestTimeoutMs = minuteMs

/** Longer than the 60 s after which load balancers drop an idle connection: they must be the first, or requests get lost. */
export const keepAliveMs = 75 * secondMs

/** How long requests under way may take to finish when the server closes. */
export const serverCloseGraceMs = 5 * secondMs

/** Labels of one series; Mimir's default is 30, and a hostile sender must not cost memory. */
export const labelsPerSeriesMax = 64

/** Bytes of one label name, as in Mimir. */
export const labelNameBytesMax = 1_024

/** Bytes of one label value; longer ones are stack traces or queries by mistake. */
export const labelValueBytesMax = 4_096

/** Series remembered per source, wanted or not: about 200 bytes each. */
export const seriesPerSourceMax = 2_000_000

/** Bytes of series names and labels kept per source to recognise its series by; two million at their usual length. */
export const seriesKeyBytesPerSourceMax = 512 * 1024 * 1024

/** Slots looked at for one series before it is refused: chance never needs so many, only names made to collide do. */
export const seriesProbesMax = 256

/** Regions that one remote-write source sends for: each is counted by itself. */
export const regionsPerSourceMax = 200

/** Metrics of which one series is remembered while no SLO asks for any series of a source, to say so by an example. */
export const unaskedMetricsPerSourceMax = 1_000

/** Clusters of replicas of one source: a label that its senders write must not make series, and figures about replicas, without end. */
export const clustersPerSourceMax = 10_000

/** Buckets of one native histogram, empty ones between others included; Prometheus keeps 160 unless told otherwise. */
export const histogramBucketsMax = 10_000

/** Characters of a trace or span id in an exemplar; W3C trace ids have 32. A longer one is something else. */
export const exemplarIdLengthMax = 128

/** Exemplars read of one point: only the newest few are kept anyway. */
export const exemplarsPerPointMax = 32

/** Texts in the symbol table of one remote-write 2.0 request: some ten for each of the samples that fit in one. */
export const symbolsPerRequestMax = 1_000_000

/** Bytes of all names and labels of one remote-write 2.0 request, written out: its symbols may be named again and again. */
export const requestKeyBytesMax = 256 * 1024 * 1024

/** Lists and pairs within each other in one attribute of OTLP: those in use have one or two levels. */
export const attributeNestingMax = 16

/** Bytes of an OTLP request in JSON, decompressed: as objects it takes some ten times as much. */
export const otlpJsonBytesMax = 16 * 1024 * 1024

/** Resources, scopes and metrics remembered per OTLP source: a thousand services of two hundred metrics each. */
export const otlpMetricsPerSourceMax = 200_000

/** Bytes of OTLP requests, compressed, that are decompressed at once; senders of more are asked to wait. */
export const otlpBytesInFlightMax = 64 * 1024 * 1024

/** OTLP requests that are decompressed at once; senders of more are asked to wait. */
export const otlpRequestsInFlightMax = 64

/** Calls under way at once on one gRPC connection; an exporter has one. */
export const grpcCallsPerConnectionMax = 32

/** A gRPC connection without calls is closed after this; exporters connect anew when they need to. */
export const grpcIdleMs = 10 * minuteMs

/** Bytes of one line of exposition text: a full label set at its limits is shorter. */
export const expositionLineBytesMax = 512 * 1024

/** Longest body of a scraped page. */
export const scrapeBodyBytesMax = 64 * 1024 * 1024

/** Redirects followed from one target; more is a loop. */
export const scrapeRedirectsMax = 5

/** Targets of one source, whatever discovery says: each has its own timer and its own series. */
export const targetsPerSourceMax = 10_000

/** Bytes of one file of targets. */
export const targetFileBytesMax = 8 * 1024 * 1024

/** SLOs named in one log line; the rest is counted. */
export const namesPerLogLineMax = 20

/** Queries of one source under way at once: a Prometheus runs 20 by default, and has others to serve. */
export const queriesInFlightPerSourceMax = 4

/** Longest range that one query asks for after missed answers; what is missing beyond it stays unknown. */
export const querySpanMaxMs = 10 * minuteMs

/** Bytes of an answer to a query: one number takes some two hundred. */
export const queryAnswerBytesMax = 1024 * 1024

/** Bytes of an answer with raw samples: some forty each as text, half a million of them. */
export const historyAnswerBytesMax = 24 * 1024 * 1024

/** Raw samples asked for at once, over all series: they are parsed without a pause, which must not hold up a tick. */
export const historySamplesPerQuery = 100_000

/** Buckets of native histograms in one answer, empty ones between others included: 32 MiB, where few far apart take no room in JSON. */
export const historyBucketsMax = 4_000_000

/** Longest piece of history read at once. */
export const historySpanMaxMs = dayMs

/** Shortest piece of history: a server that refuses even that is asked again later. */
export const historySpanMinMs = minuteMs

/** Live counts this young are counted again from history, whose samples join on to theirs to the event; older ones stay as they are. */
export const historyReplacesMs = 15 * minuteMs

/**
 * Raw samples kept per series, so that one that arrives late can be put between its neighbours: a sample may be overtaken by
 * five others. Each costs 12 bytes a series; counters lose nothing by a sample that is later still, since the next one
 * tells what it told.
 */
export const recentSamplesPerSeries = 6

/**
 * Intervals kept per series that reports increments, so that each is booked once, in whatever order and how often they
 * come: a quarter of an hour at one a minute, which is how long OpenTelemetry's exporters retry by default three times over.
 */
export const recentDeltasPerSeries = 16

/** Samples of one gauge that wait to be read: more than a day at 15 s, for a region that catches up. */
export const gaugeSamplesPerSeriesMax = 10_000

/** A sample further ahead of the clock than this is a wrong clock, and would move the watermark past real data. */
export const futureSampleToleranceMs = 10 * minuteMs

/** Prometheus' own look-back: after this long without a sample nothing is known about a series any more. */
export const staleAfterMaxMs = 5 * minuteMs

/** Four scrapes at the default interval: a shorter hole is jitter or a restart, not missing data. */
export const staleAfterMinMs = minuteMs

/** Whoever has data has sent some within this once somebody listens again: scrapes come each minute, senders try again sooner. */
export const heardWithinMs = 2 * minuteMs

/**
 * Senders that shard by series deliver one scrape over several connections, each with its own backlog: until a target
 * is known this long, a series not seen before may simply be late.
 */
export const newSeriesSettlingMs = 2 * minuteMs

/** A series not seen for so long is forgotten, so that churn cannot fill a source's allowance. */
export const seriesForgottenAfterMs = hourMs

/**
 * A series whose whole target is silent is kept for longer: a Prometheus that cannot deliver keeps what it has for two hours,
 * and what a counter counted meanwhile is known from its last value alone.
 */
export const silentTargetForgottenAfterMs = 3 * hourMs

/**
 * Fewer series that have ended are kept, since a third of a megabyte is not worth knowing less: one that comes back after all
 * goes on from its last value then, where one that was forgotten would count from zero.
 */
export const seriesForgottenAtOnceMin = 1_000

/** Of the series of one SLO those beyond are not taken up, so that a label gone wild in one costs no other anything. */
export const seriesPerSloMax = 500_000

/** Groups of one SLO with `groupBy`: each costs as much as an SLO, and a label like a user id must not cost the engine. */
export const groupsPerSloMax = 1_000

/** Lines of each list in the cardinality report. */
export const cardinalityLinesMax = 10

/** Failing exemplars kept for each SLO and region, the newest ones: as many as somebody who was woken looks at. */
export const exemplarsPerScopeMax = 5

/**
 * Bytes of increments that are logged between two checkpoints: hours at a million a minute. Beyond it they are counted and not
 * logged, since that many without a checkpoint mean that the store has been out of order for long.
 */
export const incrementLogBytesMax = 512 * 1024 * 1024

/** How long counts stay in memory at most; what is older is asked of the daily counts. */
export const historyInMemoryMaxMs = 35 * dayMs

/** Daily counts are kept so long: a year with its longest quarter before it, and a month to close the books. */
export const dailyCountsKeptMs = 500 * dayMs

/** A day's counts are computed anew until it is over for so long, because samples may come late. */
export const dailyCountsSettleMs = 2 * dayMs

/** How often the counts of a day under way are stored. */
export const dailyCountsEveryMs = 5 * minuteMs

/** SLOs, in all regions together, whose days are looked at in one tick: some two milliseconds. */
export const dailyCountsPerTickMax = 256

/** Days of history that one tick stores: some ten milliseconds; the others wait for a later one. */
export const pastDaysPerTickMax = 2_048

/** Daily counts in one answer: 400 days of a hundred SLOs in some regions. */
export const dailyCountsPerAnswerMax = 200_000

/** Exclusions in force at once: each is asked of every budget that is read. */
export const exclusionsMax = 1_000

/** Occurrences of one maintenance in one stretch of time: one a day for more than 400 days. */
export const exclusionOccurrencesMax = 450

/** Rows of a history kept for the edges of excluded periods, latest first: each holds every SLO of its region. */
export const exclusionEdgesKeptMax = 128

/** Largest rule file: some ten thousand SLOs; whatever is larger is not a rule file. */
export const ruleFileBytesMax = 8 * 1024 * 1024

/**
 * Bytes that are kept of what rule files gave, so that they need not be parsed at the next start: some 1.5 KB an SLO. Files that find no
 * room are parsed at each start.
 */
export const keptRulesBytesMax = 512 * 1024 * 1024

/** Characters of rules from which on what they gave is kept: fewer are parsed within a second. */
export const keptRulesFromLength = 1024 * 1024

/** Counters in one signal: each is matched against every new series. */
export const counterTermsMax = 100

/** Parentheses within each other in one counter expression. */
export const counterNestingMax = 20

/** Compiled regular expressions kept for reuse, by pattern: about 2 KiB each before use, and their state tables grow with use. */
export const compiledPatternsMax = 10_000

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

/** Matchers of one silence, inhibition rule or route. */
export const matchersMax = 20

/** How often in a row an alert can come again and stay open for longer each time. */
export const holdLevelsMax = 10

/** Values of one series in a rule test: two years at one a minute. */
export const ruleTestValuesMax = 1_000_000

/** Values of all series of one rule test: some 40 bytes each while it runs. */
export const ruleTestValuesPerTestMax = 10_000_000

/** Evaluations of one rule test: half a year every 15 s, which takes some twenty seconds for one SLO. */
export const ruleTestStepsMax = 1_000_000

/** Steps caught up in one tick before the loop gives way: one hour at 15 s. */
export const catchUpStepsPerTickMax = 240

/** Steps of evidence made up for after a restart; what is older has faded. One hour of steps of 15 s. */
export const evidenceCatchUpStepsMax = 240

/** Log lines of one tick about alerts, and as many about incidents: of thousands at once nobody reads each, and all of them are stored. */
export const eventLinesPerTickMax = 200

/** SLOs in a region whose failures are taken apart by label at once: those that alert, and those somebody looks at. */
export const surveyedSloRegionsMax = 100

/** Series of those, together: each that grew takes some microseconds at every turn. */
export const surveyedSeriesMax = 10_000

/** Series of all looked at in one turn in search of those: a hundred nanoseconds each. */
export const surveySeriesPerTurnMax = 200_000

/** Labels told apart for one SLO in a region. */
export const surveyLabelsMax = 16

/** Values of one label told apart; failures with others are told as others. */
export const surveyValuesMax = 100

/** Labels shown of those, the one that the failures gather in most first. */
export const surveyDimensionsShownMax = 6

/** Values shown of each. */
export const surveyValuesShownMax = 5

/** Alerts of one incident: an SLO has a few per region, a service some tens of SLOs. */
export const alertsPerIncidentMax = 500

/** Openings remembered to tell whether an incident flaps. */
export const openingsKeptMax = 20

/** Burn-rate points kept per incident: dense at first, then ever sparser, which makes some 1 800 in a month. */
export const burnRatePointsPerIncidentMax = 2_500

/** The same of all incidents together at one step: a thousand of them at every step made 134 MiB in an hour. */
export const burnRatePointsPerStepMax = 250

/** Incidents stay this long after they closed: a quarter and its review. */
export const incidentsKeptMs = 400 * dayMs

/** The longest an acknowledgement lasts: by then the shift is over. */
export const acknowledgementMaxMs = dayMs

/** Silences that have not ended; more of them is a script that went wrong. */
export const silencesMax = 1_000

/** The longest a silence may last: what is silenced for longer is not an alert any more. */
export const silenceLengthMaxMs = 365 * dayMs

/** Annotations in force at once: a pipeline that posts one a second for an hour. */
export const annotationsMax = 10_000

/** Annotations stay this long, so that a past incident can be looked at with them. */
export const annotationsKeptMs = 45 * dayMs

/** Annotations that `/metrics` shows, the newest: each is a series, and dashboards mark a day of deployments with them. */
export const annotationsShownMax = 50

/** Annotations are looked for up to this long before an incident opened. */
export const annotationLookBackMs = 6 * hourMs

/** A slow burn waits at most so long for whether a deployment explains it: no config can hide one for longer. */
export const deployHoldMaxMs = 30 * minuteMs

/** Messages in one digest; the rest goes into another. */
export const entriesPerDigestMax = 50

/** Messages of one tick that have pictures and forecasts: each takes more than a hundred reads, and of ten thousand at once nobody looks at each. */
export const detailedMessagesPerTickMax = 200

/** Steps of the picture of how an SLO burned lately: six hours in steps of five minutes. */
export const historyStepsPerMessage = 72

/** Annotations named in one message, the newest first. */
export const annotationsPerMessageMax = 10

/** Regions named in one message, worst first; the rest is counted. */
export const regionsPerMessageMax = 20

/** Other SLOs of an incident that are named in the words of one message; the rest is counted. */
export const membersPerMessageMax = 20

/** Characters of one template: a screen full. */
export const templateLengthMax = 4_000

/** Characters that a template may become. */
export const templateTextMax = 8_000

/** Unsettled deliveries of one receiver before tickets are refused; pages are never refused. */
export const outboxRowsPerReceiverMax = 10_000

/** An idle outbox is looked at this often, so that a wake-up that got lost costs a minute and not a page. */
export const outboxPollMs = minuteMs

/** Pause after the store failed under the outbox worker. */
export const storeRetryMs = secondMs

/** Attempts of one receiver under way at once: one address that hangs delays none of the others there. */
export const attemptsInFlightPerReceiverMax = 4

/** The same of a webhook, which has no rate limit of its own: what waits for the disk waits for it together. */
export const attemptsInFlightPerWebhookMax = 64

/** The highest `maxPerMinute` of a receiver: a hundred a second are no limit to anybody. */
export const messagesPerMinuteMax = 6_000

/** One attempt at a delivery; a receiver may ask for another value. Ten seconds is what Slack and PagerDuty clients wait. */
export const attemptTimeoutMs = 10 * secondMs

/** A receiver that ignores the abort of its attempt is no longer waited for after this. */
export const attemptAbortGraceMs = secondMs

/** What the picture of a page may take of its attempt: less than half, because the next message waits for it. */
export const pictureTimeoutMs = 4 * secondMs

/**
 * Opening a connection may take no longer: less than an attempt, so that one that never comes about is known to have carried nothing. It
 * is looked at every half second.
 */
export const connectTimeoutMs = 8 * secondMs

/** A connection to a receiver that waited so long for the next message is closed: many servers do so a little later. */
export const idleConnectionMs = 4 * secondMs

/** Longest wait that a receiver's Retry-After is honoured for. */
export const retryAfterMaxMs = 5 * minuteMs

/** Longest pause between attempts for a page: somebody is waiting for it. */
export const pageRetryMaxMs = minuteMs

/** Longest pause between attempts for a ticket. */
export const ticketRetryMaxMs = 10 * minuteMs

/** A ticket that could not be delivered for so long is given up, loudly; a page never is. */
export const ticketDeliveryAgeMaxMs = dayMs

/**
 * What waits for a receiver that the config does not name any more is given up after so long: enough to read the log and to put
 * back what was taken out by mistake.
 */
export const receiverGoneGraceMs = 10 * minuteMs

/** Settled deliveries stay this long for people to look back at: a month, and the review after it. */
export const deliveriesKeptMs = 45 * 24 * 60 * minuteMs

/** Heartbeats stay this long once they are settled: they come by the minute, and nobody looks back at them. */
export const heartbeatsKeptMs = dayMs

/** Log lines in a second about messages that arrived; how many more there were is said in one. Failures are told one by one. */
export const deliveredLinesPerSecondMax = 50

/** Bytes of a receiver's answer that are read; no answer we use is near it. */
export const receiverAnswerBytesMax = 64 * 1024

/** Bytes of a channel's recent messages that are read to find one of ours; fifty with all their blocks are about half of it. */
export const channelHistoryBytesMax = 1024 * 1024

/** Bytes of one event that PagerDuty takes. */
export const pagerdutyEventBytesMax = 512_000

/** Characters of one annotation sent to Alertmanager: far more than anybody reads, far less than it stores. */
export const annotationLengthMax = 16_000

/** Bytes of one callback; PagerDuty's and Slack's are a tenth of it. */
export const callbackBytesMax = 128 * 1024

/** A callback of a receiver's service is believed for so long after its time stamp, and so long before it. */
export const callbackAgeMaxMs = 5 * minuteMs

/** Callbacks remembered per receiver so that none is taken twice; a thousand acknowledgements in ten minutes are no accident. */
export const callbacksRememberedMax = 1_000

/**
 * What is held in memory while the store cannot be written: turns of the engine that decided something. With a heartbeat a minute
 * that is more than a day. Beyond it nothing further is held: it is decided again and again, and its pages go out nevertheless.
 */
export const heldCommitsMax = 2_000

/**
 * While the store cannot be written delivery looks this often for pages that are due; what is decided wakes it at once. Each look
 * reads the store, and one that fails has enough to do.
 */
export const storeOutagePollMs = 5 * secondMs

/** While the store cannot be written that is said again this often. */
export const storeOutageSaidEveryMs = minuteMs

/** Samples in one request of our own series: what Prometheus sends at most by default. */
export const exportSamplesPerRequestMax = 2_000

/** Bytes of compressed requests that wait for a store of our own series: a quarter of an hour of a thousand SLOs in three regions at 15 s. */
export const exportQueueBytesMax = 64 * 1024 * 1024

/** Bytes read of a store's answer: it is a reason in a line. */
export const exportAnswerBytesMax = 64 * 1024

/** How long what waits for a store is still sent when the engine stops. */
export const exportFlushMs = 5 * secondMs

/** Characters of an author's name and of a reason. */
export const authorLengthMax = 200
export const reasonLengthMax = 1_000

/** Characters of a name or comment that somebody gives over the API. */
export const commentLengthMax = 1_000

/** Characters of one part of an address: the id of an SLO with a group of labels as long as they may be, escaped. */
export const pathPartLengthMax = 8_192

/** Characters of a rule document that its page shows: an SLO takes some hundred, and one file may hold a list of thousands. */
export const definitionLengthMax = 100_000

/** Alert episodes in one answer of the API, unless asked otherwise. */
export const episodesPerAnswer = 100

/** Alert episodes in one answer of the API at most: some 300 bytes each. */
export const episodesPerAnswerMax = 1_000

/** Incidents in one answer of the API, unless asked otherwise. */
export const incidentsPerAnswer = 50

/** Incidents in one answer of the API at most: some kilobytes each. */
export const incidentsPerAnswerMax = 500

/** Messages that were given up, in one answer about the state of the engine: enough to see that there are some, and whose. */
export const deadLettersPerAnswerMax = 20

/** The list of the web page is made anew at most this often: at the usual interval nothing changes faster. */
export const overviewAgeMinMs = 2 * secondMs

/** Points of one chart: one for each pixel or two of a phone. */
export const historyPointsMax = 400

/** Days of one trend: more have no place in a row of a table. */
export const trendDaysMax = 30

/** SLOs whose trends are asked for at once: the rows of a tall screen, twice. */
export const trendsPerAnswerMax = 100

/** Incidents from which the health of being on call is told: a page an hour for three weeks. */
export const onCallIncidentsMax = 500

/** On-call health is reckoned anew at most this often: it reads hundreds of timelines. */
export const onCallAgeMinMs = minuteMs

/** A report that could not be sent is made up for so long, also after a restart; a later one would be mistaken for a new one. */
export const reportLateMaxMs = 3 * dayMs

/** What was sent is remembered for longer than any report can be late, and a year of daily ones is a few kilobytes. */
export const reportsSentKeptMs = 400 * dayMs

/** Incidents that a report reads at once. */
export const reportIncidentsPerRead = 500

/** An incident that opened longer ago than this before a report's periods is not looked for: few stay open for a month. */
export const reportIncidentReachMs = 30 * dayMs

/** Incidents that a report tells one by one; it says how many more there were. */
export const reportIncidentsShownMax = 25

/** Gaps that a report tells one by one; it says how many more there were. */
export const reportGapsShownMax = 20
