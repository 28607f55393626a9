/** What docs/rules.md says before the keys one by one: how files are read, and what a schema cannot say. */
export const rulesGuide = `
A rule file is YAML, with as many documents as you like, or JSON. \`sloburn check\`, \`run\` and \`backtest\` take files and
directories, which are read with all that is in them: \`*.yaml\`, \`*.yml\` and \`*.json\`, without hidden files, \`*.test.yaml\` and
\`*.schema.json\`. An unknown key is an error, and so is everything that would have no effect. The first line below gives an editor
completion and checks while you write.

\`\`\`yaml
# yaml-language-server: $schema=node_modules/sloburn/rules/schema/sloburn.v1.schema.json
apiVersion: sloburn/v1
kind: SLO
metadata: { name: checkout-availability }
spec:
  service: checkout
  objective: 99.9
  window: 30d
  indicator:
    ratio:
      bad: http_requests_total{job="checkout",code=~"5.."}
      total: http_requests_total{job="checkout"}
\`\`\`

\`sloburn check PATH…\` finds everything that is wrong at once, as text, with \`--json\`, or with \`--format github\` as annotations
of a pull request. It ends with 0 when there are no errors (warnings may be), with 1 when there are, and with 2 when a
path cannot be read. The codes are explained in [errors.md](errors.md). An engine config among the files is checked too, together with
the rules that it names; rules that lie elsewhere, such as where the engine runs, are warned of.

Two things it cannot know from files. \`--data FILE…\` gives it real series: bounds of latencies are held against the buckets seen, and
objectives against the traffic seen, where the SLO says none under \`traffic\`. \`--retention 90d\` says how far back your
metrics reach, for windows that are filled from them; without it a window may be as long as the engine keeps counts, 500 days.

An engine with more than a megabyte of rules keeps what they gave beside its store, in \`<store>.rules\`: at the next start, or reload, it parses
only files that changed, and all of them after an update of sloburn or Node. It says how many in its log (\`rules read\`). The file can be removed at any time;
\`sloburn check\` never uses it, and files of Sloth, Pyrra and OpenSLO are parsed each time.

## Counters, formulas, queries

- **Counters** are PromQL selectors without a range, with the four matchers, joined by + and -: \`a_total{x="1"} + b_total\`. Regular
  expressions have the syntax of RE2 and match whole values. You never write \`rate\`, \`increase\` or \`sum\`: the
  increases of every series that is selected are counted as they come, and added up.
- **Formulas** are arithmetic, comparisons and logic over named signals: \`+ - * /\`, \`< <= > >= == !=\`, \`and or not\`, \`min\`, \`max\`,
  \`abs\`, parentheses and numbers, at most 1000 characters long and 20 parentheses deep. Numbers that differ by rounding only are
  equal. Where a division by zero decides, nothing is known: a slice does not count, and there are no events.
- **Queries** are PromQL with \`$window\` as the range, asked of the region's Prometheus-compatible API. They are for what cannot be
  counted; counters are cheaper, exact, and need nobody to ask.

## What a query counts

The engine asks again and again, each time for the span since it asked last, with \`$window\` filled in, and books the answer as
events of that span. So budgets and burn rates of any window are sums of events here as well.

| First function in the query that takes a range | The answer is | Booked |
|---|---|---|
| \`rate\`, \`irate\`, \`deriv\`, or none (a recorded rate) | events a second | answer × seconds of the span |
| \`increase\`, \`delta\`, \`idelta\`, \`changes\`, \`resets\`, \`sum_over_time\`, \`count_over_time\` | events of the span | the answer |

Each of \`bad\`, \`good\` and \`total\` is looked at by itself, so one may be a rate and the other an increase. An empty answer to \`total\`
means that nothing is known; to \`bad\` or \`good\` beside a total it means none.

\`errorRatio\` has no events to weigh by. Every millisecond of the span is one event, and the answer is the share of them that is bad:
budgets and burn rates then weigh by time, a quiet night as much as a busy day, and counts in reports are milliseconds. Answers
outside 0 to 1 are refused. Give \`bad\` and \`total\` where they can be had.

## Buckets of a latency

\`below\` must be the bound of a bucket, if the histogram is a classic one: it knows nothing of what lies between two bounds, and
sloburn does not guess. Files alone do not show which buckets there are, so this is told where series are:

- \`sloburn check PATH… --data FILE…\` takes OpenMetrics text (a scraped page will do), and names the bounds next to the
  one that is missing; \`sloburn backtest\` does so for its history, and \`sloburn test\` for a story.
- A running engine holds such an SLO as unknown in the region whose histogram lacks the bucket, as it holds one without data: nothing
  counts as bad, nothing is paged, nothing is resolved. The log names the neighbouring bounds once, \`sloburn status\` and the web page
  show them, and \`slo_bucket_missing\` is 1. When the bucket comes, counting begins with it.

A native or exponential histogram has no such bounds. The events of the bucket that \`below\` cuts are taken to lie in it as Prometheus'
\`histogram_fraction\` takes them to: evenly by logarithm, evenly by value in custom buckets and around zero.

\`le="1"\` and \`le="1.0"\` are the same bucket, in every selector: wherever a matcher with \`=\` or \`!=\` asks for \`le\`, numbers
are compared. A series that changes its spelling, as with an upgrade to Prometheus 3, goes on as the same counter.

## Windows

A rolling window is any duration: \`7d\`, \`28d\`, \`30d\`, \`90d\`. A calendar window begins anew with each period of its
time zone: a day may have 23 or 25 hours, a month 28 to 31 days. An alert rule that gives a share of the budget is scaled to the
window: 2 % of 30 days in one hour are a burn rate of 14.4. No alert window may be longer than the SLO window, of a calendar
window the shortest.

## Objectives with history

\`objectives\` stands in place of \`objective\` as soon as a target changes. The last entry is the objective of today; budgets of
the time before keep the objective of their time, in reports too.

\`\`\`yaml
objectives:
  - { percent: 99 }
  - { from: 2026-10-01, percent: 99.5 }
\`\`\`

## Defaults of a file

A document of kind \`Defaults\` holds what the SLOs of the same file have in common. It is a document of its own, and not a
block within one, so that every document is whole by itself, is checked by its own schema, and shows its own completions. It reaches
no other file, so that a file means the same wherever it is put, and a change in one file changes nothing in another.

\`\`\`yaml
apiVersion: sloburn/v1
kind: Defaults
spec:
  service: checkout
  window: { calendar: month, timeZone: Europe/London }
  labels: { team: shop }
\`\`\`

1. It holds the keys of an SLO's \`spec\`, without \`indicator\` and \`allow\`: what is counted and what is
   excused belongs to one SLO.
2. Mappings are merged key by key, to any depth. Anything else that the SLO says (a text, a number, a list, a switch, a
   mapping where the default is none) stands in place of the default.
3. \`objective\` and \`objectives\` replace each other.
4. Labels: \`spec.labels\` of the SLO win over its \`metadata.labels\`, and those over the labels of the defaults.
5. One \`Defaults\` in a file, before, between or after the SLOs. Without an SLO in its file it is an error.
6. Problems stand where the value is written: a default that is wrong is shown once, at the default.
7. An editor sees one document at a time: it does not miss what a default may give. \`sloburn check\` sees the file.

## Divided by labels

\`groupBy\` makes one SLO of every combination of values seen, each with its own budget and alerts. The labels must be
on all series that are selected; a series without one of them belongs to the group with the empty value. Regions need no
\`groupBy\`: each has its own budget already. A composite has no series and a query one answer, so neither can be divided.

## Allowing what is found

Some of what \`check\` finds is a matter of judgement. \`allow\` takes the code and the reason:

\`\`\`yaml
allow:
  RULE_NEVER_FIRES: the vendor promises 90 %, and tickets are enough
\`\`\`

It holds for the document it stands in. What is allowed and not found is a warning itself, so that excuses do not outlive their
reason. What has no meaning, such as a window of no length, cannot be allowed.
`.trim()
