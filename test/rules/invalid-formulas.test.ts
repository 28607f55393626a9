import { sloWith, testRefusals } from './invalid-file.ts'

testRefusals('formulas', [
  {
    what: 'a threshold without a condition',
    text: sloWith("threshold: { metric: 'lag_seconds' }"),
    problems: [['MISSING_KEY 10:16', /"good" is missing in spec.indicator.threshold.*for example good: value < 3/s]],
  },
  {
    what: 'a threshold on several metrics',
    text: sloWith("threshold: { metric: 'a + b', good: 'value < 3' }"),
    problems: [['RULE_COUNTERS 10:37', /one selector is needed here, and this adds or subtracts.*__name__=~"a\|b"/s]],
  },
  {
    what: 'a threshold on a metric less nothing',
    text: sloWith("threshold: { metric: '-a', good: 'value < 3' }"),
    problems: [['RULE_COUNTERS 10:37', /one selector is needed/]],
  },
  {
    what: 'a threshold that is a number',
    text: sloWith("threshold: { metric: 'lag', good: 'value + 3' }"),
    problems: [['RULE_FORMULA 10:51', /a condition is needed here, and this is a number.*compare it/s]],
  },
  {
    what: 'a threshold on another signal',
    text: sloWith("threshold: { metric: 'lag', good: '1 < lag' }"),
    problems: [['RULE_FORMULA 10:55', /there is no signal "lag".*the signals here are value/s]],
  },
  {
    what: 'an unknown combination',
    text: sloWith("threshold: { metric: 'lag', good: 'value < 3', combine: maximum }"),
    problems: [['WRONG_VALUE 10:72', /combine must be max, min, mean or sum, not "maximum"/]],
  },
  {
    what: 'an expression without signals',
    text: sloWith('expression: { bad: err, total: all }'),
    problems: [['MISSING_KEY 10:16', /"signals" is missing in spec.indicator.expression/]],
  },
  {
    what: 'an expression with no signal at all',
    text: sloWith('expression: { signals: {}, bad: err, total: all }'),
    problems: [['WRONG_VALUE 10:39', /an indicator has 1 to 20 signals/]],
  },
  {
    what: 'an expression of a signal that is not declared',
    text: sloWith("expression: { signals: { err: e, all: a }, bad: 'err + slow', total: all }"),
    problems: [['RULE_FORMULA 10:71', /there is no signal "slow".*the signals here are err, all/s]],
  },
  {
    what: 'an expression whose total is a condition',
    text: sloWith("expression: { signals: { err: e, all: a }, bad: err, total: 'all > 0' }"),
    problems: [['RULE_FORMULA 10:77', /a number of events is needed here.*leave the comparison out/s]],
  },
  {
    what: 'an expression that calls the world',
    text: sloWith(`expression: { signals: { a: a }, bad: 'a + import("fs")', total: a }`),
    problems: [['RULE_FORMULA 10:66', /a formula has no texts/]],
  },
  {
    what: 'an expression that assigns',
    text: sloWith("expression: { signals: { a: a }, bad: 'a = 1', total: a }"),
    problems: [['RULE_FORMULA 10:57', /a formula assigns nothing/]],
  },
  {
    what: 'an expression with good and bad',
    text: sloWith("expression: { signals: { e: e, a: a }, bad: e, good: 'a - e', total: a }"),
    problems: [['RULE_INDICATOR 10:28', /exactly one of "bad" and "good" beside "signals" and "total"/]],
  },
  {
    what: 'a signal named like a word of formulas',
    text: sloWith('expression: { signals: { and: e, all: a }, bad: all, total: all }'),
    problems: [['RULE_SIGNAL_NAME 10:41', /"and" cannot be the name of a signal.*has a meaning of its own/]],
  },
  {
    what: 'a signal named with a dash',
    text: sloWith("expression: { signals: { 5xx-rate: e, all: a }, bad: 'all', total: all }"),
    problems: [['RULE_SIGNAL_NAME 10:41', /"5xx-rate" cannot be the name of a signal: a signal is named with letters/]],
  },
  {
    what: 'a signal that is no counter',
    text: sloWith("expression: { signals: { e: 'rate(e[5m])', a: a }, bad: e, total: a }"),
    problems: [['RULE_COUNTERS 10:45', /"rate\(…\)" does not belong here/]],
  },
  {
    what: 'a formula in block text, at its place',
    text: sloWith('X').replace(
      '{ X }',
      '\n    expression:\n      signals: { a: a }\n      bad: >-\n        a\n        + oops\n      total: a',
    ),
    problems: [['RULE_FORMULA 15:11', /there is no signal "oops"/]],
  },
  {
    what: 'time slices without length',
    text: sloWith("timeSlices: { slice: 0s, good: 'b / t < 1', signals: { b: b, t: t } }"),
    problems: [['RULE_DURATION 10:37', /slice must be longer than 0/]],
  },
  {
    what: 'time slices without a condition',
    text: sloWith("timeSlices: { slice: 1m, good: 'b / t', signals: { b: b, t: t } }"),
    problems: [['RULE_FORMULA 10:48', /a condition is needed here/]],
  },
  {
    what: 'time slices by ratio with a condition',
    text: sloWith("timeSlices: { slice: 1m, method: ratio, good: 'b / t < 1', signals: { b: b, t: t } }"),
    problems: [['RULE_FORMULA 10:63', /a number of events is needed here, and this is a condition/]],
  },
  {
    what: 'an unknown method of time slices',
    text: sloWith("timeSlices: { slice: 1m, method: ratios, good: 'b / t < 1', signals: { b: b, t: t } }"),
    problems: [['WRONG_VALUE 10:49', /method must be slices or ratio.*did you mean "ratio"\?/s]],
  },
])
