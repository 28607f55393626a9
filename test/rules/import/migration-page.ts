import { formatDuration, parseDuration } from '../../../src/core/time/duration.ts'
import type { Construct, Constructs } from '../../../src/rules/import/constructs.ts'
import { opensloAlphaConstructs, opensloConstructs } from '../../../src/rules/import/openslo/openslo-constructs.ts'
import { pyrraConstructs } from '../../../src/rules/import/pyrra/pyrra-constructs.ts'
import { pyrraTiers } from '../../../src/rules/import/pyrra/pyrra-tiers.ts'
import { slothFileConstructs, slothObjectConstructs } from '../../../src/rules/import/sloth/sloth-constructs.ts'
import { slothPlugins } from '../../../src/rules/import/sloth/sloth-plugins.ts'

/** `docs/migration.md`: what becomes of every key of the other tools' formats, from the tables that their files are checked with. */
export function migrationPage(): string {
  const sections = [introduction, slothSection(), pyrraSection(), opensloSection()]
  return `${sections.map((section) => section.trim()).join('\n\n')}\n`
}

const introduction = `
# Coming from Sloth, Pyrra or OpenSLO

<!-- Made by test/rules/import/migration-page.test.ts: \`npm run golden\` writes it anew. Edit migration-page.ts and the constructs in src/rules/import. -->

\`sloburn check\`, \`run\` and \`backtest\` read files of Sloth, Pyrra and OpenSLO as they are, beside native ones and in
the same directory. \`sloburn convert PATH…\` prints the native file, with your comments where they were; \`--out DIR\` writes
one file for each.

What is carried over with another meaning, what the file does not say and was assumed, and what is left out is told with its
place, as a warning that begins with \`IMPORT_\` ([what each means](errors.md)). What an SLO cannot do without and that cannot
be carried over is an error; nothing is dropped in silence.

## Expressions

PromQL is read with the grammar of Prometheus. Sums of \`rate\` or \`increase\` over selectors, added, subtracted, scaled, and
with \`or vector(0)\`, are counted as samples come: resets and the first errors of a new series included, any window exact
and weighted by its events. \`bad = total - good\` becomes \`good\`, and a bucket among all observations of its histogram
becomes \`latency\`. Everything else becomes a \`query\`, which is asked of each region's Prometheus-compatible API;
\`check\` says which part of the expression makes it one (\`IMPORT_QUERY\`).

Prometheus extrapolates: the counts of a window differ from what it answers by no more than the events between two samples
at each end of the window, in each series. The tests compare with \`promtool\` within exactly that.

A query that names no window is added up (or averaged, where it is a ratio) over all moments of the window. The groups of
a query are taken together, because it answers one number; the groups of what is counted become \`groupBy\`.
`

function slothSection(): string {
  const ofObjects = Object.entries(slothObjectConstructs).filter(([path]) => !path.startsWith('spec.'))
  return `
## Sloth

\`prometheus/v1\` files and \`sloth.slok.dev/v1\` objects. An SLO is called \`<service>-<name>\`, as Sloth's \`sloth_id\`.

- **Window:** the files do not say it. \`30d\` is taken, Sloth's default; where Sloth runs with
  \`--default-slo-period=28d\`, convert the files and write \`window: 28d\`. The burn rates follow by themselves.
- **Alerts:** policy \`workbook\`, which has the windows and factors of Sloth. Labels of an SLO are on its alerts as well.
- **Budgets** differ where Sloth averages ratios of five minutes without weight; here every event counts the same.

${table(slothFileConstructs)}

In Kubernetes objects the keys are in camel case and under \`spec\`. Around them:

${table(Object.fromEntries(ofObjects))}

Plugins of the chain, each named by \`check\`:

| Plugin | In its place |
|---|---|
${[...slothPlugins].map(([id, reason]) => `| \`${id}\` | ${reason} |`).join('\n')}
| any other | it is a program that only Sloth can run |
`
}

function pyrraSection(): string {
  return `
## Pyrra

\`pyrra.dev/v1alpha1\`. SLOs with the same window share a policy, \`pyrra-4w\`, with the factors of Pyrra's four tiers, which
are not those of the SRE Workbook. Their windows are parts of the SLO window, rounded to whole minutes with halves up; what
Pyrra rounds to \`0m\` is \`1m\`. The tiers wait as long as the fastest of them, because a policy has one \`for\`.

| Window | ${['fastBurn', 'mediumBurn', 'slowBurn', 'longTermBurn'].join(' | ')} |
|---|---|---|---|---|
| factor, severity | ${pyrraTiers(0)
    .map(({ burnRate, severity }) => `${burnRate}, ${severity}`)
    .join(' | ')} |
${['7d', '2w', '4w', '30d'].map(tierRow).join('\n')}

Each cell is the long and the short window, and what Pyrra waits.

${table(pyrraConstructs)}
`
}

function tierRow(window: string): string {
  const tiers = pyrraTiers(parseDuration(window) ?? 0).map(({ longMs, shortMs, forMs }) => {
    return [longMs, shortMs, forMs].map(formatDuration).join(' / ')
  })
  return `| \`${window}\` | ${tiers.join(' | ')} |`
}

/** Objects that may stand inline have one table, under their own kind. */
const inline: readonly (readonly [prefix: string, kind: string])[] = [
  ['spec.indicator.', 'SLI'],
  ['spec.objectives[].indicator.', 'SLI'],
  ['spec.alertPolicies[].', 'AlertPolicy'],
  ['spec.conditions[].', 'AlertCondition'],
  ['spec.notificationTargets[].', 'AlertNotificationTarget'],
]

/** One of the metrics of an SLI has all rows; the others are read in the same way. */
const likeGood = /(?:bad|total|raw|thresholdMetric)\.metricSource\./

/** The tables of OpenSLO v1 by kind, without repetitions. */
export const opensloTables: Readonly<Record<string, Constructs>> = Object.fromEntries(
  Object.entries(opensloConstructs).map(([kind, constructs]) => [kind, withoutInline(constructs)]),
)

function opensloSection(): string {
  const kinds = Object.entries(opensloConstructs).map(
    ([kind, constructs]) => `### ${kind}\n\n${table(withoutInline(constructs))}`,
  )
  return `
## OpenSLO

\`openslo/v1\` and \`openslo/v1alpha\`, one document or a list of them in a file. References are followed across all files that
are given together.

- **Objectives:** each is an SLO. The first keeps the name, the others have \`-2\`, \`-3\` behind it.
- **Alerts:** the policies of an SLO become one, with a rule for each condition. OpenSLO knows one window for a condition;
  sloburn asks for a short one as well, a twelfth of it, so that an alert ends soon after its cause. An SLO without policies
  gets no alerts, and \`check\` says so.
- **Windows:** \`m\` is minutes, \`M\` months. Calendar windows of one day, week, month, quarter or year become calendar
  windows; others become rolling ones of the same length.

${kinds.join('\n\n')}

### v1alpha

Service as above, and SLO:

${table(opensloAlphaConstructs['SLO'])}
`
}

function withoutInline(constructs: Constructs): Constructs {
  const rows: Record<string, Construct> = {}
  for (const [path, construct] of Object.entries(constructs)) {
    const found = inline.find(([prefix]) => path.startsWith(prefix) && !/^\w+Ref$/.test(path.slice(prefix.length)))
    if (found !== undefined) rows[found[0].slice(0, -1)] = { is: 'mapping', becomes: `as the ${found[1]}, inline` }
    else if (!likeGood.test(path)) rows[path] = construct
  }
  return rows
}

function table(constructs: Constructs): string {
  const rows = Object.entries(constructs).map(([path, { becomes, leftOut }]) => {
    return `| \`${path}\` | ${leftOut === undefined ? becomes : `left out: ${leftOut}`} |`
  })
  return ['| Key | Becomes |', '|---|---|', ...rows].join('\n')
}
