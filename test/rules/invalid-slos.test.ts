import { replaced, slo, testRefusals } from './invalid-file.ts'

testRefusals('slos', [
  {
    what: 'a name with capitals and spaces',
    text: replaced('name: checkout', 'name: Check Out!'),
    problems: [['RULE_NAME 4:9', /the name "Check Out!" cannot be used.*for example check-out/s]],
  },
  {
    what: 'a name with a slash',
    text: replaced('name: checkout', 'name: a/b'),
    problems: [['RULE_NAME 4:9', /for example a-b/]],
  },
  {
    what: 'a name of 201 characters',
    text: replaced('name: checkout', `name: ${'a'.repeat(201)}`),
    problems: [['RULE_NAME 4:9', /at most 200/]],
  },
  {
    what: 'an empty service',
    text: replaced('service: checkout', 'service: ""'),
    problems: [['WRONG_VALUE 6:12', /1 to 200 characters/]],
  },
  {
    what: 'objective 100',
    text: replaced('99.9', '100'),
    problems: [
      [
        'RULE_OBJECTIVE 7:14',
        /the objective 100 is not a percentage above 0 and below 100.*there would be no error budget/s,
      ],
    ],
  },
  { what: 'objective 100%', text: replaced('99.9', '100.0%'), problems: [['RULE_OBJECTIVE 7:14', /no error budget/]] },
  { what: 'objective 0', text: replaced('99.9', '0'), problems: [['RULE_OBJECTIVE 7:14', /the objective 0 is not/]] },
  {
    what: 'a negative objective',
    text: replaced('99.9', '-1'),
    problems: [['RULE_OBJECTIVE 7:14', /the objective -1 is not/]],
  },
  {
    what: 'a hexadecimal objective',
    text: replaced('99.9', '0x40'),
    problems: [['RULE_OBJECTIVE 7:14', /the objective 0x40 is not/]],
  },
  {
    what: 'an objective in words',
    text: replaced('99.9', 'three nines'),
    problems: [['RULE_OBJECTIVE 7:14', /"?three nines"? is not a percentage/]],
  },
  {
    what: 'no number as objective',
    text: replaced('99.9', '.nan'),
    problems: [['RULE_OBJECTIVE 7:14', /the objective .nan is not/]],
  },
  {
    what: 'a ratio for a percentage',
    text: replaced('99.9', '0.999'),
    problems: [
      ['RULE_OBJECTIVE_LOOKS_LIKE_RATIO 7:14', /is read as 0.999 percent.*write 99.9/s],
      ['RULE_NEVER_FIRES 7:14', /page rule 1h\/5m/],
      ['RULE_NEVER_FIRES 7:14', /page rule 6h\/30m/],
      ['RULE_NEVER_FIRES 7:14', /ticket rule 1d\/2h/],
    ],
  },
  {
    what: 'a window without a unit',
    text: replaced('30d', '30'),
    problems: [['WRONG_TYPE 8:11', /spec.window must be text or a mapping, not 30.*write it with a unit/s]],
  },
  {
    what: 'a window in words',
    text: replaced('30d', '30 days'),
    problems: [['RULE_DURATION 8:11', /spec.window \("30 days"\) is not a duration: .*1h30m/]],
  },
  {
    what: 'a window of no length',
    text: replaced('30d', '0d'),
    problems: [['RULE_DURATION 8:11', /spec.window must be longer than 0/]],
  },
  {
    what: 'a window longer than numbers reach',
    text: replaced('30d', '999999999y'),
    problems: [['RULE_DURATION 8:11', /is not a duration/]],
  },
  {
    what: 'a window shorter than the alert windows',
    text: replaced('30d', '2d'),
    problems: [
      [
        'RULE_WINDOW_TOO_SHORT 8:11',
        /the window 2d is shorter than the alert window 3d of policy "standard".*ticket: false/s,
      ],
    ],
  },
  {
    what: 'a link without a scheme',
    text: slo('runbook: runbooks.example.com'),
    problems: [['RULE_URL 9:12', /a link is a whole http or https URL/]],
  },
  {
    what: 'a link that runs a script',
    text: slo('dashboard: "javascript:alert(1)"'),
    problems: [['RULE_URL 9:14', /a link is a whole http/]],
  },
  {
    what: 'a region expected twice',
    text: slo('regions: { expected: [eu, us, eu] }'),
    problems: [['WRONG_VALUE 9:33', /spec.regions.expected\[2\] stands in the list already/]],
  },
  {
    what: 'a region called global',
    text: slo('regions: { expected: [global] }'),
    problems: [['WRONG_VALUE 9:25', /cannot be called "global"/]],
  },
  {
    what: 'a region label that is none',
    text: slo('regions: { label: cloud.region }'),
    problems: [['RULE_LABEL_NAME 9:21', /a label name has letters/]],
  },
  {
    what: 'an unknown way to the global scope',
    text: slo('regions: { global: event }'),
    problems: [['WRONG_VALUE 9:22', /must be events, worst, mean or none, not "event".*did you mean "events"\?/s]],
  },
  {
    what: 'a calendar window in no time zone',
    text: replaced('30d', '{ calendar: month, timeZone: Europe/Lodnon }'),
    problems: [['RULE_TIME_ZONE 8:40', /there is no time zone "Europe\/Lodnon".*did you mean "Europe\/London"\?/s]],
  },
  {
    what: 'a calendar window at a fixed offset',
    text: replaced('30d', '{ calendar: month, timeZone: "+01:00" }'),
    problems: [['RULE_TIME_ZONE 8:40', /there is no time zone "\+01:00".*IANA name/s]],
  },
  {
    what: 'an unknown calendar period',
    text: replaced('30d', '{ calendar: monthly }'),
    problems: [['WRONG_VALUE 8:23', /calendar must be day, week, month, .*did you mean "month"\?/s]],
  },
  {
    what: 'a time zone without a calendar period',
    text: replaced('30d', '{ timeZone: Europe/London }'),
    problems: [['MISSING_KEY 8:3', /"calendar" is missing in spec.window.*for example calendar: month/s]],
  },
  {
    what: 'a calendar window shorter than the alert windows',
    text: replaced('30d', '{ calendar: day }'),
    problems: [
      ['RULE_WINDOW_TOO_SHORT 8:11', /a calendar day is shorter than the alert window 3d of policy "standard"/],
    ],
  },
  {
    what: 'objective and objectives',
    text: slo('objectives: [{ percent: 99 }]'),
    problems: [['RULE_OBJECTIVE 7:3', /either "objective" or "objectives".*its last entry is the objective of today/s]],
  },
  {
    what: 'a history of nothing',
    text: replaced('objective: 99.9', 'objectives: []'),
    problems: [['RULE_OBJECTIVE_HISTORY 7:15', /is an empty list: a history has 1 to 100 objectives/]],
  },
  {
    what: 'an objective of a history without percentage',
    text: replaced('objective: 99.9', 'objectives: [{ from: 2026-10-01 }]'),
    problems: [['MISSING_KEY 7:16', /"percent" is missing in spec.objectives\[0\]/]],
  },
  {
    what: 'an objective of a history without date',
    text: replaced('objective: 99.9', 'objectives: [{ percent: 99 }, { percent: 99.9 }]'),
    problems: [['RULE_OBJECTIVE_HISTORY 7:33', /the date from which this objective holds is missing/]],
  },
  {
    what: 'an objective of a history from a day that is none',
    text: replaced('objective: 99.9', 'objectives: [{ percent: 99 }, { from: 2026-02-30, percent: 99.9 }]'),
    problems: [['RULE_OBJECTIVE_HISTORY 7:41', /"2026-02-30" is not a date.*2026-10-01/s]],
  },
  {
    what: 'an objective of a history from a number',
    text: replaced('objective: 99.9', 'objectives: [{ percent: 99 }, { from: 2026, percent: 99.9 }]'),
    problems: [['WRONG_TYPE 7:41', /from must be text, not 2026/]],
  },
  {
    what: 'a history that goes back',
    text: replaced(
      'objective: 99.9',
      'objectives: [{ from: 2026-10-01, percent: 99 }, { from: 2026-09-01, percent: 99.9 }]',
    ),
    problems: [['RULE_OBJECTIVE_HISTORY 7:59', /not later than the one before.*oldest objective first/s]],
  },
  {
    what: 'an objective of a history out of range',
    text: replaced('objective: 99.9', 'objectives: [{ percent: 99 }, { from: 2026-10-01, percent: 100 }]'),
    problems: [['RULE_OBJECTIVE 7:62', /the objective 100 is not a percentage/]],
  },
  {
    what: 'an objective of a region that is not expected',
    text: slo('regions: { expected: [eu-west, us-east], objectives: { eu-wst: 99 } }'),
    problems: [['RULE_UNKNOWN_REGION 9:58', /"eu-wst" has an objective and is not among.*did you mean "eu-west"\?/s]],
  },
  {
    what: 'an objective of the global scope',
    text: slo('regions: { objectives: { global: 99 } }'),
    problems: [['WRONG_VALUE 9:36', /cannot be called "global"/]],
  },
  {
    what: 'an objective of a region out of range',
    text: slo('regions: { objectives: { eu: 101 } }'),
    problems: [['RULE_OBJECTIVE 9:32', /the objective 101 is not/]],
  },
  {
    what: 'an SLO divided by its regions',
    text: slo('groupBy: [tenant, region]'),
    problems: [['RULE_GROUP_BY 9:21', /"region" is the region label.*global: none/s]],
  },
  {
    what: 'an SLO divided by the metric',
    text: slo('groupBy: [__name__]'),
    problems: [['RULE_GROUP_BY 9:13', /cannot be divided by the name of its metrics/]],
  },
  {
    what: 'an SLO divided by too much',
    text: slo('groupBy: [a, b, c, d, e, f]'),
    problems: [['RULE_GROUP_BY 9:12', /has 6 items: an SLO is divided by at most 5 labels/]],
  },
  {
    what: 'an SLO divided by one label twice',
    text: slo('groupBy: [tenant, tenant]'),
    problems: [['WRONG_VALUE 9:21', /stands in the list already/]],
  },
  {
    what: 'an SLO divided by a label that is none',
    text: slo('groupBy: [k8s.namespace]'),
    problems: [['RULE_LABEL_NAME 9:13', /a label name has letters/]],
  },
  {
    what: 'a severity that is neither on, off nor a mapping',
    text: slo('alerting: { page: loud }'),
    problems: [['WRONG_TYPE 9:21', /spec.alerting.page must be true or false or a mapping, not "loud"/]],
  },
  {
    what: 'a severity with an unknown key',
    text: slo('alerting: { page: { reciever: x } }'),
    problems: [['UNKNOWN_KEY 9:23', /unknown key "reciever".*did you mean "receivers"\?/s]],
  },
  {
    what: 'a severity with one receiver in place of a list',
    text: slo('alerting: { page: { receivers: oncall } }'),
    problems: [['WRONG_TYPE 9:34', /receivers must be a list, not "oncall"/]],
  },
  {
    what: 'a severity with no receiver',
    text: slo('alerting: { page: { receivers: [] } }'),
    problems: [['WRONG_VALUE 9:34', /is an empty list: a severity has 1 to 20 receivers/]],
  },
  {
    what: 'traffic of two kinds',
    text: slo('traffic: { perMonth: 1000000, perSecond: 3 }'),
    problems: [['WRONG_VALUE 9:12', /exactly one of "perMonth" and "perSecond"/]],
  },
  {
    what: 'traffic of nothing',
    text: slo('traffic: { perMonth: 0 }'),
    problems: [['WRONG_VALUE 9:24', /perMonth \(0\) must be a number above 0/]],
  },
  {
    what: 'an allowance of what is no lint',
    text: slo('allow: { RULE_NEVER_FIRS: because }'),
    problems: [['UNKNOWN_KEY 9:12', /unknown key "RULE_NEVER_FIRS" in spec.allow.*did you mean "RULE_NEVER_FIRES"\?/s]],
  },
  {
    what: 'an allowance of an error',
    text: replaced('99.9', '100').replace('description: d', 'allow: { RULE_OBJECTIVE: because }'),
    problems: [
      ['RULE_OBJECTIVE 7:14', /not a percentage/],
      ['WRONG_VALUE 9:12', /RULE_OBJECTIVE is an error, which cannot be allowed/],
    ],
  },
  {
    what: 'an allowance without a reason',
    text: replaced('99.9', '50').replace('description: d', 'allow: { RULE_NEVER_FIRES: "" }'),
    problems: [['WRONG_VALUE 9:30', /say in a few words why this is wanted/]],
  },
  {
    what: 'an allowance of what is not there',
    text: slo('allow: { RULE_NEVER_FIRES: because }'),
    problems: [['RULE_ALLOW_UNUSED 9:12', /warning: RULE_NEVER_FIRES is allowed, and there is no such problem here/]],
  },
  {
    what: 'a budget policy',
    text: slo('budgetPolicy: freeze'),
    problems: [['NOT_SUPPORTED_YET 9:3', /budgetPolicy is not supported yet/]],
  },
  {
    what: 'an unknown policy',
    text: slo('alerting: { policy: workbok }'),
    problems: [['RULE_UNKNOWN_POLICY 9:23', /there is no alert policy "workbok".*did you mean "workbook"\?/s]],
  },
])
