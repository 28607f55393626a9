import { replaced, slo, sloWith, testRefusals } from './invalid-file.ts'

testRefusals('indicators', [
  {
    what: 'no indicator',
    text: replaced('  indicator: { ratio: { bad: b_total, total: t_total } }\n', ''),
    problems: [['MISSING_KEY 5:1', /"indicator" is missing in spec/]],
  },
  {
    what: 'an empty indicator',
    text: replaced('{ ratio: { bad: b_total, total: t_total } }', '{}'),
    problems: [['RULE_INDICATOR 10:14', /has no keys: an SLO has exactly one indicator/]],
  },
  {
    what: 'two indicators',
    text: sloWith("ratio: { bad: b, total: t }, latency: { histogram: 'h_seconds', below: 1s }"),
    problems: [['RULE_INDICATOR 10:14', /has ratio, latency: an SLO has exactly one/]],
  },
  {
    what: 'an indicator that is no mapping',
    text: sloWith('latency: 300ms'),
    problems: [['WRONG_TYPE 10:25', /spec.indicator.latency must be a mapping, not "300ms"/]],
  },
  {
    what: 'a misspelled indicator',
    text: replaced('ratio:', 'ration:'),
    problems: [['UNKNOWN_KEY 10:16', /did you mean "ratio"\?/]],
  },
  {
    what: 'good and bad',
    text: slo('description: d', '{ bad: b, good: g, total: t }'),
    problems: [['RULE_INDICATOR 10:23', /has bad, good, total: a ratio has exactly one of "bad" and "good"/]],
  },
  {
    what: 'neither good nor bad',
    text: slo('description: d', '{ total: t }'),
    problems: [['RULE_INDICATOR 10:23', /has total: a ratio has exactly one/]],
  },
  {
    what: 'no total',
    text: slo('description: d', '{ bad: b }'),
    problems: [['MISSING_KEY 10:16', /"total" is missing in spec.indicator.ratio/]],
  },
  {
    what: 'a range',
    text: slo('description: d', "{ bad: 'b_total[5m]', total: t }"),
    problems: [['RULE_COUNTERS 10:38', /a range such as \[5m\] does not belong here/]],
  },
  {
    what: 'a function',
    text: slo('description: d', '{ bad: "a + sum(rate(b[5m]))", total: t }'),
    problems: [['RULE_COUNTERS 10:35', /"sum\(…\)" does not belong here/]],
  },
  {
    what: 'a malformed selector after an escaped quote',
    text: slo('description: d', '{ bad: "a{x=\\"1\\"} / b", total: t }'),
    problems: [['RULE_COUNTERS 10:42', /not divided/]],
  },
  {
    what: 'a malformed selector after a doubled quote',
    text: slo('description: d', "{ bad: 'a{x=\"it''s\"} y', total: t }"),
    problems: [['RULE_COUNTERS 10:44', /found "y"/]],
  },
  {
    what: 'a malformed selector in block text',
    text: slo('description: d', '\n      bad: |\n        a{x="1"}\n          + sum(b)\n      total: t')
      .replace('{ ratio:', '\n    ratio:')
      .replace('t }', 't'),
    problems: [['RULE_COUNTERS 14:13', /"sum\(…\)"/]],
  },
  {
    what: 'a malformed selector in folded text',
    text: slo('description: d', '\n      bad: >-\n        a{x="1"}\n        + b * 2\n      total: t')
      .replace('{ ratio:', '\n    ratio:')
      .replace('t }', 't'),
    problems: [['RULE_COUNTERS 14:13', /not by "\*"/]],
  },
  {
    what: 'a selector cut off by a YAML comment',
    text: slo('description: d', '\n      bad: a{x="b #1"}\n      total: t')
      .replace('{ ratio:', '\n    ratio:')
      .replace('t }', 't'),
    problems: [['RULE_COUNTERS 12:16', /does not end.*begins a YAML comment/s]],
  },
  {
    what: 'a regular expression that is none',
    text: slo('description: d', '{ bad: \'b{code=~"5("}\', total: t }'),
    problems: [['RULE_COUNTERS 10:39', /not valid: missing closing \)/]],
  },
  {
    what: 'an empty counter',
    text: slo('description: d', '{ bad: "", total: t }'),
    problems: [['RULE_COUNTERS 10:31', /there is no counter/]],
  },
  {
    what: 'a selector of everything',
    text: slo('description: d', '{ bad: b, total: \'t + {code=~".*"}\' }'),
    problems: [['RULE_SELECTS_EVERYTHING 10:40', /\{code=~"\.\*"\} selects every series there is/]],
  },
])
