import { slo, sloWith, testRefusals } from './invalid-file.ts'

const other = `---\n${slo('description: d').replace('name: checkout', 'name: other')}`
const grouped = other.replace('description: d', 'groupBy: [tenant]')

testRefusals('composites', [
  {
    what: 'a composite of SLOs that are not there',
    text: sloWith('composite: { combine: worst, of: [{ slo: other }, { slo: othr }] }') + other,
    problems: [['RULE_UNKNOWN_SLO 10:73', /there is no SLO "othr".*did you mean "other"\?/s]],
  },
  {
    what: 'a composite of itself',
    text: sloWith('composite: { combine: worst, of: [{ slo: other }, { slo: checkout }] }') + other,
    problems: [['RULE_COMPOSITE 10:73', /a composite cannot contain itself/]],
  },
  {
    what: 'a composite of one SLO twice',
    text: sloWith('composite: { combine: worst, of: [{ slo: other }, { slo: other }] }') + other,
    problems: [['RULE_COMPOSITE 10:73', /"other" is contained already/]],
  },
  {
    what: 'a composite of one SLO',
    text: sloWith('composite: { combine: worst, of: [{ slo: other }] }') + other,
    problems: [['RULE_COMPOSITE 10:49', /a composite is made of 2 to 100 SLOs/]],
  },
  {
    what: 'a composite of an SLO with groupBy',
    text: sloWith('composite: { combine: worst, of: [{ slo: third }, { slo: other }] }').concat(
      grouped,
      other.replace('name: other', 'name: third'),
    ),
    problems: [['RULE_COMPOSITE 10:73', /"other" is many SLOs, one for each tenant/]],
  },
  {
    what: 'composites of each other',
    text: [
      sloWith('composite: { combine: worst, of: [{ slo: b }, { slo: other }] }'),
      sloWith('composite: { combine: worst, of: [{ slo: other }, { slo: c }] }').replace('name: checkout', 'name: b'),
      sloWith('composite: { combine: worst, of: [{ slo: checkout }, { slo: other }] }').replace(
        'name: checkout',
        'name: c',
      ),
    ]
      .join('---\n')
      .concat(other),
    problems: [
      ['RULE_COMPOSITE 10:57', /composites contain each other: checkout > b > c > checkout.*break the circle/s],
      ['RULE_COMPOSITE 21:73', /b > c > checkout > b/],
      ['RULE_COMPOSITE 32:57', /c > checkout > b > c/],
    ],
  },
  {
    what: 'a composite without a way to combine',
    text: sloWith('composite: { of: [{ slo: other }, { slo: other }] }') + other,
    problems: [['MISSING_KEY 10:16', /"combine" is missing.*for example combine: weighted/s]],
  },
  {
    what: 'an unknown way to combine',
    text: sloWith('composite: { combine: any, of: [{ slo: other }, { slo: other }] }') + other,
    problems: [['WRONG_VALUE 10:38', /combine must be weighted, worst or all/]],
  },
  {
    what: 'a weight where none counts',
    text: sloWith('composite: { combine: worst, of: [{ slo: other, weight: 2 }, { slo: b }] }') + other,
    problems: [
      ['RULE_COMPOSITE 10:72', /a weight has no effect with combine: worst/],
      ['RULE_UNKNOWN_SLO 10:84', /there is no SLO "b"/],
    ],
  },
  {
    what: 'a weight of nothing',
    text:
      sloWith('composite: { combine: weighted, of: [{ slo: other, weight: 0 }, { slo: x }] }').replace(
        'name: checkout',
        'name: y',
      ) +
      other +
      other.replace('name: other', 'name: x'),
    problems: [['WRONG_VALUE 10:75', /weight is 0: a weight is a number above 0/]],
  },
  {
    what: 'a composite divided by a label',
    text: sloWith('composite: { combine: worst, of: [{ slo: other }, { slo: x }] }')
      .replace('description: d', 'groupBy: [tenant]')
      .concat(other, other.replace('name: other', 'name: x')),
    problems: [['RULE_GROUP_BY 9:3', /a composite cannot be divided: it has no series of its own/]],
  },
  {
    what: 'a query divided by a label',
    text: sloWith("query: { errorRatio: 'x[$window]' }").replace('description: d', 'groupBy: [tenant]'),
    problems: [['RULE_GROUP_BY 9:3', /a query cannot be divided: its answer is one number/]],
  },
])
