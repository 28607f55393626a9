import { replaced, slo, testRefusals } from './invalid-file.ts'

const head = 'apiVersion: sloburn/v1\nkind: Defaults\nspec:\n'

testRefusals('defaults', [
  {
    what: 'defaults without an SLO in their file',
    text: `${head}  service: shop\n`,
    problems: [['RULE_DEFAULTS 2:7', /no SLO in this file, and Defaults do not reach into others/]],
  },
  {
    what: 'defaults twice in one file',
    text: `${head}  runbook: https://a.example\n---\n${head}  labels: { a: b }\n---\n${slo('description: d')}`,
    problems: [['RULE_DEFAULTS 7:7', /this file has Defaults already.*put both into one document/s]],
  },
  {
    what: 'defaults with a name',
    text: `${head}  service: shop\nmetadata: { name: a }\n---\n${slo('description: d')}`,
    problems: [['UNKNOWN_KEY 5:1', /unknown key "metadata" in the document/]],
  },
  {
    what: 'an indicator for all',
    text: `${head}  indicator: { threshold: { metric: a, good: 'value < 3' } }\n---\n${slo('description: d')}`,
    problems: [['UNKNOWN_KEY 4:3', /unknown key "indicator" in spec/]],
  },
  {
    what: 'an allowance for all',
    text: `${head}  allow: { RULE_NEVER_FIRES: because }\n---\n${slo('description: d')}`,
    problems: [['UNKNOWN_KEY 4:3', /unknown key "allow" in spec/]],
  },
  {
    what: 'a default that is wrong, once for all SLOs',
    text: [
      `${head}  objective: 100\n  alerting: { pager: true }\n`,
      replaced('  objective: 99.9\n', ''),
      replaced('  objective: 99.9\n', '').replace('name: checkout', 'name: other'),
    ].join('---\n'),
    problems: [
      ['RULE_OBJECTIVE 4:14', /the objective 100 is not a percentage/],
      ['UNKNOWN_KEY 5:15', /unknown key "pager" in spec.alerting.*did you mean "page"\?/s],
    ],
  },
  {
    what: 'a default that is wrong and that no SLO takes',
    text: `${head}  objective: [99]\n---\n${slo('description: d')}`,
    problems: [['WRONG_TYPE 4:14', /spec.objective must be a number or text, not a list/]],
  },
  {
    what: 'what only the SLO and the defaults together lack',
    text: `${head}  service: shop\n---\n${replaced('  service: checkout\n', '').replace('  objective: 99.9\n', '')}`,
    problems: [['MISSING_KEY 10:1', /"objective" is missing in spec/]],
  },
  {
    what: 'what does not go together, at the default that is the reason',
    text: `${head}  objective: 90\n---\n${replaced('  objective: 99.9\n', '')}`,
    problems: [
      ['RULE_NEVER_FIRES 4:14', /warning: SLO "checkout": the page rule 1h\/5m of policy "standard" can never/],
    ],
  },
  {
    what: 'defaults that are no mapping',
    text: `${head.replace('spec:\n', 'spec: all\n')}---\n${slo('description: d')}`,
    problems: [['WRONG_TYPE 3:7', /spec must be a mapping, not "all"/]],
  },
])
