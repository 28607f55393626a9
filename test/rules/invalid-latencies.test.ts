import { sloWith, testRefusals } from './invalid-file.ts'

testRefusals('latencies', [
  {
    what: 'a latency without its bound',
    text: sloWith("latency: { histogram: 'h_seconds' }"),
    problems: [['MISSING_KEY 10:16', /"below" is missing in spec.indicator.latency.*for example below: 300ms/s]],
  },
  {
    what: 'a latency below nothing',
    text: sloWith("latency: { histogram: 'h_seconds', below: 0s }"),
    problems: [['RULE_DURATION 10:58', /below must be longer than 0/]],
  },
  {
    what: 'a latency bound without a unit',
    text: sloWith("latency: { histogram: 'h_seconds', below: 0.3 }"),
    problems: [['WRONG_TYPE 10:58', /below must be text, not 0.3.*write it with a unit/s]],
  },
  {
    what: 'a bucket in place of its histogram',
    text: sloWith(`latency: { histogram: 'h_seconds_bucket{job="a"}', below: 300ms }`),
    problems: [['RULE_HISTOGRAM 10:39', /one of the counters of a histogram.*leave _bucket out: h_seconds/s]],
  },
  {
    what: 'a histogram with le',
    text: sloWith(`latency: { histogram: 'h_seconds{le="0.3"}', below: 300ms }`),
    problems: [['RULE_HISTOGRAM 10:39', /chosen by "below", and here by le as well.*leave le out/s]],
  },
  {
    what: 'a histogram without a name',
    text: sloWith(`latency: { histogram: '{job="a"}', below: 300ms }`),
    problems: [['RULE_HISTOGRAM 10:39', /the selector does not name one histogram/]],
  },
  {
    what: 'a histogram named by a pattern',
    text: sloWith(`latency: { histogram: '{__name__=~"a|b"}', below: 300ms }`),
    problems: [['RULE_HISTOGRAM 10:39', /does not name one histogram/]],
  },
  {
    what: 'several histograms',
    text: sloWith("latency: { histogram: 'a_seconds + b_seconds', below: 300ms }"),
    problems: [['RULE_COUNTERS 10:38', /one selector is needed here/]],
  },
  {
    what: 'a quantile of a histogram',
    text: sloWith("latency: { histogram: 'histogram_quantile(0.95, h)', below: 300ms }"),
    problems: [['RULE_COUNTERS 10:39', /"histogram_quantile\(…\)" does not belong here/]],
  },
])
