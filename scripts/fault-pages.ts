import { type FaultCase, faultGroups } from '../test/faults/catalogue.ts'
import { alertmanagerCases } from '../test/support/alertmanager-cases.ts'
import { repositoryFiles } from '../test/support/repository-files.ts'

/** One test that is named after the number of a fault. */
export interface NumberedTest {
  readonly number: number
  readonly file: string
  readonly name: string
}

/** The pages that tell what was tried and what came of it, by path from the root; `npm run docs` writes them. */
export function faultPages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/faults.md', faultsPage(numberedTests())],
    ['docs/alertmanager.md', alertmanagerPage()],
  ])
}

/** Every test that is named after a fault, in the order of files and lines. */
export function numberedTests(): readonly NumberedTest[] {
  const files = [...repositoryFiles('test/faults/*.test.ts'), ...repositoryFiles('test/e2e/*.test.ts')]
  return files.flatMap(({ path, text }) => testsIn(text).map((one) => ({ ...one, file: path })))
}

/** Names as they are written, and those whose number stands in a table beside them. */
function testsIn(text: string): readonly Omit<NumberedTest, 'file'>[] {
  const rows = [...text.matchAll(/\[\s*'(\d+)',\s*'([^']+)'/g)].map(([, number, what]) => ({ number, what }))
  return [...text.matchAll(/\btest\(\s*(['"`])((?:\d+|\$\{number\})\. [^]*?)\1[,\s]/g)].flatMap(([, , name = '']) => {
    const [, number = '', rest = ''] = /^(\d+|\$\{number\})\. ([^]*)$/.exec(name) ?? []
    if (number !== '${number}') return [{ number: Number(number), name: shown(rest) }]
    return rows.map((row) => ({ number: Number(row.number), name: shown(rest.replace('${what}', row.what ?? '')) }))
  })
}

function shown(name: string): string {
  return name.replaceAll(/\$\{[^}]*\}/g, '…')
}

function faultsPage(tests: readonly NumberedTest[]): string {
  const all = faultGroups.flatMap(({ cases }) => cases)
  const shownBy = all.filter(({ untested }) => untested === undefined).length
  const sections = faultGroups.flatMap(({ title, cases }) => [
    `## ${title}`,
    '',
    '| № | What goes wrong | What comes of it |',
    '|---|---|---|',
    ...cases.map((one) => faultRow(one, tests)),
    '',
  ])
  return page('Faults', 'test/faults', [
    'What can go wrong between a burn and whoever is paged, and the test that shows what comes of it. What must hold throughout: a page',
    'reaches its receiver, as one open incident; what opened ends; nothing that is older comes after what is newer; and what could',
    'not be delivered is said.',
    '',
    `Of ${all.length} faults ${shownBy} have a test of that number. Beside them a simulated world draws faults of the process, the store, the`,
    'disk and the pagers from a seed: `npm run simulate -- --seed 7` plays one, and a thousand are played by `npm test`.',
    '',
    ...sections,
  ])
}

function faultRow({ number, fault, untested }: FaultCase, tests: readonly NumberedTest[]): string {
  if (untested !== undefined) return `| ${number} | ${fault} | *Not tested:* ${untested}. |`
  const own = Map.groupBy(
    tests.filter((one) => one.number === number),
    ({ file }) => file,
  )
  const files = [...own].map(([file, ofFile]) => {
    const names = [...new Set(ofFile.map(({ name }) => cell(name)))]
    return `${names.join('; ')} (\`${file}\`)`
  })
  return `| ${number} | ${fault} | ${files.join('<br>')} |`
}

function alertmanagerPage(): string {
  const rows = alertmanagerCases.map(({ id, title, alertmanager, sloburn }) => {
    return `| ${id} | ${sentence(title)} | ${sentence(alertmanager)} | ${sentence(sloburn)} |`
  })
  return page('Beside Alertmanager', 'test/support/alertmanager-cases.ts', [
    'Twelve scripts that lead Alertmanager to something harmful, some of it by design. Each is run against the Alertmanager of Debian',
    'and against sloburn, with the same pushes and the same receiver on a real socket, and must come to what stands here, on both',
    'sides: `node --test test/e2e/alertmanager-cases.test.ts`.',
    '',
    '| № | What happens | Alertmanager | sloburn |',
    '|---|---|---|---|',
    ...rows,
    '',
    'Notes:',
    '',
    '- R6 and R9: twice is unavoidable, since nobody can know whether the first arrived. What matters is that a receiver can tell that',
    '  both are one.',
    '- R7 and R8: the two replicas of sloburn share nothing but the key of the incident. A receiver that takes each identified message',
    '  once hears of one.',
    '- R12 compares what each is given: Alertmanager a batch of alerts, sloburn the decisions of one turn.',
    '- Times are shortened: `group_wait` and `group_interval` are seconds here, and half a minute to five minutes as they come.',
    '',
    '## Where Alertmanager is right',
    '',
    'The same pushes lead to the same messages where an alert is merged with itself, repeated, batched, silenced before and during',
    'it, inhibited, over a reload, over a restart in order, and when a webhook does not answer:',
    '`node --test test/e2e/alertmanager-equivalence.test.ts`.',
  ])
}

function sentence(text: string): string {
  const whole = cell(text)
  return `${whole[0]?.toUpperCase() ?? ''}${whole.slice(1)}${/[.!?]$/.test(whole) ? '' : '.'}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}

function page(title: string, source: string, lines: readonly string[]): string {
  const made = `<!-- Made from ${source} by \`npm run docs\`. -->`
  return `# ${title}\n\n${made}\n\n${lines.join('\n').trimEnd()}\n`
}
