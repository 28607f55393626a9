import { replaced, slo, testRefusals } from './invalid-file.ts'

testRefusals([
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
    what: 'a calendar window',
    text: replaced('30d', '{ calendar: month, timeZone: Europe/London }'),
    problems: [['NOT_SUPPORTED_YET 8:13', /a calendar window is not supported yet.*rolling window such as 30d/s]],
  },
  {
    what: 'a window shorter than the alert windows',
    text: replaced('30d', '2d'),
    problems: [
      [
        'RULE_WINDOW_TOO_SHORT 8:11',
        /the window 2d is shorter than the alert window 3d of policy "workbook".*ticket: false/s,
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
    problems: [['WRONG_VALUE 9:22', /must be events or none or worst or mean, not "event".*did you mean "events"\?/s]],
  },
  {
    what: 'the worst region',
    text: slo('regions: { global: worst }'),
    problems: [['NOT_SUPPORTED_YET 9:22', /the worst of the regions is not supported yet/]],
  },
  {
    what: 'objectives by region',
    text: slo('regions: { objectives: { eu: 99 } }'),
    problems: [['NOT_SUPPORTED_YET 9:14', /an objective per region is not/]],
  },
  {
    what: 'groupBy',
    text: slo('groupBy: [namespace]'),
    problems: [['NOT_SUPPORTED_YET 9:3', /groupBy is not supported yet/]],
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
