import { replaced, slo, testRefusals } from './invalid-file.ts'

testRefusals('documents', [
  { what: 'an empty file', text: '', problems: [['NO_RULE_DOCUMENTS a.yaml', /no rule document/]] },
  {
    what: 'a file of comments',
    text: '# nothing\n---\n# here\n',
    problems: [['NO_RULE_DOCUMENTS a.yaml', /no rule document/]],
  },
  {
    what: 'a list',
    text: '- a\n- b\n',
    problems: [['WRONG_TYPE 1:1', /a rule document is a mapping with apiVersion, kind/]],
  },
  { what: 'a text', text: 'hello\n', problems: [['WRONG_TYPE 1:1', /a rule document is a mapping/]] },
  {
    what: 'neither apiVersion nor kind',
    text: 'a: 1\n',
    problems: [['RULE_API_VERSION 1:1', /apiVersion is missing.*begin the document with apiVersion: sloburn\/v1/s]],
  },
  {
    what: 'another apiVersion',
    text: replaced('sloburn/v1', 'sloburn/v2'),
    problems: [['RULE_API_VERSION 1:13', /there is no apiVersion "sloburn\/v2"/]],
  },
  {
    what: 'an engine config',
    text: 'rules: [rules/]\nsources: []\n',
    problems: [['RULE_API_VERSION 1:1', /looks like an engine config/]],
  },
  {
    what: 'no apiVersion',
    text: replaced('apiVersion: sloburn/v1\n', ''),
    problems: [['MISSING_KEY 1:1', /"apiVersion" is missing in the document.*for example apiVersion: sloburn\/v1/s]],
  },
  {
    what: 'no kind',
    text: replaced('kind: SLO\n', ''),
    problems: [['MISSING_KEY 1:1', /"kind" is missing.*for example kind: SLO/s]],
  },
  {
    what: 'a misspelled kind',
    text: replaced('kind: SLO', 'kind: Slo'),
    problems: [['RULE_KIND 2:7', /there is no kind "Slo".*did you mean "SLO"\?/s]],
  },
  {
    what: 'a kind to come',
    text: replaced('kind: SLO', 'kind: BudgetPolicy'),
    problems: [['NOT_SUPPORTED_YET 2:7', /kind BudgetPolicy is not/]],
  },
  {
    what: 'a file of a version of OpenSLO that is not read',
    text: 'apiVersion: openslo/v2alpha\nkind: SLO\n',
    problems: [
      [
        'NOT_SUPPORTED_YET 1:13',
        /OpenSLO files of version openslo\/v2alpha are not supported.*openslo\/v1, openslo\/v1alpha/s,
      ],
    ],
  },
  {
    what: 'a file of a version of Sloth that is not read',
    text: 'apiVersion: sloth.slok.dev/v2\nkind: PrometheusServiceLevel\n',
    problems: [['NOT_SUPPORTED_YET 1:13', /Sloth files of version sloth.slok.dev\/v2.*prometheus\/v1/s]],
  },
  {
    what: 'a bracket left open',
    text: 'a: [1\n',
    problems: [['YAML_SYNTAX 2:1', /a \[ or \{ before this is not closed/]],
  },
  {
    what: 'a tab for indentation',
    text: 'a:\n\tb: 1\n',
    problems: [['YAML_SYNTAX 2:1', /a tab cannot indent.*indent with spaces/s]],
  },
  {
    what: 'a value with an unquoted colon',
    text: 'a: b: c\n',
    problems: [['YAML_SYNTAX 1:4', /put the value between single quotes/]],
  },
  {
    what: 'a selector that begins with a brace and goes on',
    text: slo('description: d', '\n      bad: {a="b"} + c\n      total: t').replace('{ ratio:', '').replace('t }', 't'),
    problems: [['YAML_SYNTAX 11:20', /put the value between single quotes/]],
  },
  {
    what: 'a quote left open',
    text: 'a: "b\n',
    problems: [['YAML_SYNTAX 2:1', /a quote that is opened before this is not closed/]],
  },
  {
    what: 'a key given twice',
    text: replaced('  window: 30d', '  window: 30d\n  window: 7d'),
    problems: [['YAML_DUPLICATE_KEY 9:3', /this key stands in the mapping already/]],
  },
  {
    what: 'a tag',
    text: replaced('service: checkout', 'service: !secret checkout'),
    problems: [['YAML_TAG 6:12', /!secret/]],
  },
  {
    what: 'an alias without an anchor',
    text: replaced('service: checkout', 'service: *name'),
    problems: [['YAML_ALIAS 1:1', /unresolved alias.*name/]],
  },
  { what: 'a million aliases', text: aliasBomb(), problems: [['YAML_ALIAS 1:1', /the aliases stand for so much/]] },
  {
    what: 'nesting without end',
    text: `a: ${'['.repeat(50_000)}`,
    problems: [['YAML_SYNTAX 1:1', /nesting is too deep/]],
  },
  {
    what: 'a misspelled key',
    text: slo('descripton: d'),
    problems: [['UNKNOWN_KEY 9:3', /unknown key "descripton" in spec.*did you mean "description"\?/s]],
  },
  {
    what: 'a key at the wrong level',
    text: replaced('metadata:\n', 'metadata:\n  service: s\n'),
    problems: [['UNKNOWN_KEY 4:3', /unknown key "service" in metadata.*known here: name, labels/s]],
  },
  { what: 'a merge key', text: slo('<<: { description: d }'), problems: [['UNKNOWN_KEY 9:3', /unknown key "<<"/]] },
  {
    what: 'the key __proto__',
    text: slo('__proto__: { a: 1 }'),
    problems: [['UNKNOWN_KEY 9:3', /unknown key "__proto__" in spec/]],
  },
  {
    what: 'no metadata',
    text: 'apiVersion: sloburn/v1\nkind: AlertPolicy\nspec: { rules: [{ severity: page, long: 1h, short: 5m, burnRate: 2 }] }\n',
    problems: [['MISSING_KEY 1:1', /"metadata" is missing in the document/]],
  },
  {
    what: 'no objective',
    text: replaced('  objective: 99.9\n', ''),
    problems: [['MISSING_KEY 5:1', /"objective" is missing in spec.*for example objective: 99.9/s]],
  },
  {
    what: 'an empty spec',
    text: 'apiVersion: sloburn/v1\nkind: SLO\nmetadata: { name: a }\nspec:\n',
    problems: [['WRONG_TYPE 4:1', /spec must be a mapping, not empty/]],
  },
  {
    what: 'a number for a text',
    text: replaced('service: checkout', 'service: 42'),
    problems: [['WRONG_TYPE 6:12', /spec.service must be text, not 42.*put it in quotes: "42"/s]],
  },
  {
    what: 'a list for a text',
    text: replaced('service: checkout', 'service: [a]'),
    problems: [['WRONG_TYPE 6:12', /spec.service must be text, not a list/]],
  },
  {
    what: 'no for false',
    text: slo('alerting: { page: no }'),
    problems: [['WRONG_TYPE 9:21', /must be true or false or a mapping, not "no".*YAML reads only true and false/s]],
  },
  {
    what: 'a number for a label value',
    text: slo('labels: { tier: 1 }'),
    problems: [['WRONG_TYPE 9:19', /spec.labels.tier must be text, not 1/]],
  },
  {
    what: 'a label name with a dash',
    text: slo('labels: { my-tier: a }'),
    problems: [['RULE_LABEL_NAME 9:13', /"my-tier" cannot be a key: a label name has letters/]],
  },
  {
    what: 'a selector that YAML takes for a mapping',
    text: slo('description: d', '{ bad: {job="x"}, total: t }'),
    problems: [['WRONG_TYPE 10:30', /must be text, not a mapping.*single quotes/s]],
  },
])

function aliasBomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [above, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
    lines.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${above}`).join(', ')}]`)
  }
  return lines.join('\n')
}
