import { replaced, testRefusals } from './invalid-file.ts'

const policyHead = 'apiVersion: sloburn/v1\nkind: AlertPolicy\nmetadata: { name: p }\nspec:\n'

testRefusals('policies', [
  {
    what: 'a policy without rules',
    text: `${policyHead}  rules: []\n`,
    problems: [['WRONG_VALUE 5:10', /a policy needs at least one rule/]],
  },
  {
    what: 'a rule that is empty',
    text: `${policyHead}  rules:\n    -\n`,
    problems: [['WRONG_TYPE 6:6', /spec.rules\[0\] must be a mapping, not empty/]],
  },
  {
    what: 'an unknown severity',
    text: rule('{ severity: pager, long: 1h, short: 5m, budget: 2% }'),
    problems: [['WRONG_VALUE 6:19', /must be page or ticket, not "pager".*did you mean "page"\?/s]],
  },
  {
    what: 'no severity',
    text: rule('{ long: 1h, short: 5m, budget: 2% }'),
    problems: [['MISSING_KEY 6:7', /"severity" is missing in spec.rules\[0\].*for example severity: page/s]],
  },
  {
    what: 'budget and burn rate',
    text: rule('{ severity: page, long: 1h, short: 5m, budget: 2%, burnRate: 14.4 }'),
    problems: [['RULE_THRESHOLD 6:7', /exactly one of "budget" and "burnRate"/]],
  },
  {
    what: 'neither budget nor burn rate',
    text: rule('{ severity: page, long: 1h, short: 5m }'),
    problems: [['RULE_THRESHOLD 6:7', /exactly one of/]],
  },
  {
    what: 'a budget without percent sign',
    text: rule('{ severity: page, long: 1h, short: 5m, budget: 2 }'),
    problems: [['WRONG_TYPE 6:54', /write it with the percent sign: 2%/]],
  },
  {
    what: 'a budget of more than everything',
    text: rule('{ severity: page, long: 1h, short: 5m, budget: 101% }'),
    problems: [['RULE_THRESHOLD 6:54', /above 0 % and up to 100 %/]],
  },
  {
    what: 'a budget of nothing',
    text: rule('{ severity: page, long: 1h, short: 5m, budget: 0% }'),
    problems: [['RULE_THRESHOLD 6:54', /above 0 %/]],
  },
  {
    what: 'a burn rate of nothing',
    text: rule('{ severity: page, long: 1h, short: 5m, burnRate: 0 }'),
    problems: [['RULE_THRESHOLD 6:56', /a number above 0/]],
  },
  {
    what: 'a short window as long as the long one',
    text: rule('{ severity: page, long: 1h, short: 60m, budget: 2% }'),
    problems: [['RULE_SHORT_NOT_SHORTER 6:42', /the short window 60m is not shorter than the long window 1h/]],
  },
  {
    what: 'a window of no length in a rule',
    text: rule('{ severity: page, long: 1h, short: 0s, budget: 2% }'),
    problems: [['RULE_DURATION 6:42', /short must be longer than 0/]],
  },
  {
    what: 'a number for a duration',
    text: rule('{ severity: page, long: 1h, short: 5, budget: 2% }'),
    problems: [['WRONG_TYPE 6:42', /write it with a unit, for example 5m/]],
  },
  {
    what: 'a constant of the evidence gate that there is not',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { arl: 365d }\n`,
    problems: [['UNKNOWN_KEY 7:15', /unknown key "arl" in spec.evidence/]],
  },
  {
    what: 'evidence weighed for a burn rate that is no evidence',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { burnRates: [2, 50] }\n`,
    problems: [['WRONG_VALUE 7:26', /the burn rate 2 .* is not above nullBurnRate, which is 2/]],
  },
  {
    what: 'evidence weighed for more burn rates than there is room for',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { burnRates: [3, 4, 5, 6, 7, 8, 9] }\n`,
    problems: [['WRONG_VALUE 7:26', /7 items: .*1 to 6 burn rates/]],
  },
  {
    what: 'a share of more than everything',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { materiality: 101% }\n`,
    problems: [['WRONG_VALUE 7:28', /101% is more than everything/]],
  },
  {
    what: 'a share without percent sign',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { dark: { budget: '0.02' } }\n`,
    problems: [['WRONG_VALUE 7:31', /a share is a percentage/]],
  },
  {
    what: 'darkness that data which is only late would be',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { dark: { after: 1m } }\n`,
    problems: [['WRONG_VALUE 7:30', /dark.after is shorter than 5m: for so long, data of a region may only be late/]],
  },
  {
    what: 'recovery against a burn rate within the objective',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: { recovery: { burnRate: 1 } }\n`,
    problems: [['WRONG_VALUE 7:37', /a number above 1/]],
  },
  {
    what: 'evidence that is neither on nor off',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  evidence: maybe\n`,
    problems: [['WRONG_VALUE 7:13', /evidence is on, off or a mapping/]],
  },
  {
    what: 'the name of a built-in policy',
    text: rule('{ severity: page, long: 1h, short: 5m, budget: 2% }').replace('name: p', 'name: workbook'),
    problems: [['RULE_DUPLICATE_NAME 3:19', /the policy "workbook" is built in/]],
  },
  {
    what: 'a policy that nobody uses',
    text: rule('{ severity: page, long: 1h, short: 5m, budget: 2% }'),
    problems: [['RULE_UNUSED_POLICY 3:19', /warning: no SLO names the policy "p".*alerting: \{ policy: p \}/s]],
  },
  {
    what: 'a time to wait that is no duration',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  for: five minutes\n`,
    problems: [['RULE_DURATION 7:8', /spec.for \("five minutes"\) is not a duration/]],
  },
  {
    what: 'more rules than are evaluated',
    text: `${policyHead}  rules: [${Array.from({ length: 51 }, () => '{ severity: page, long: 1h, short: 5m, budget: 2% }').join(', ')}]\n`,
    problems: [['WRONG_VALUE 5:10', /has 51 items: .*at most 50/]],
  },
  {
    what: 'an allowance for a policy of what SLOs allow',
    text: `${rule('{ severity: page, long: 1h, short: 5m, budget: 2% }')}  allow: { RULE_NEVER_FIRES: because }\n`,
    problems: [['UNKNOWN_KEY 7:12', /unknown key "RULE_NEVER_FIRES".*RULE_SHORT_NOT_SHORTER/s]],
  },
  {
    what: 'a rule that can never fire',
    text: replaced('99.9', '90'),
    problems: [
      [
        'RULE_NEVER_FIRES 7:14',
        /the page rule 1h\/5m of policy "standard" can never fire: its threshold 14.4 is not.*objective above 93.0556 %/s,
      ],
    ],
  },
])

function rule(text: string): string {
  return `${policyHead}  rules:\n    - ${text}\n`
}
