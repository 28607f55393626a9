import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem } from '../../src/core/model/problem.ts'
import { parseRules } from '../../src/rules/parse-rules.ts'

/** A file with something wrong, and every problem it has: code and place, and what message and hint must say. */
export interface InvalidFile {
  readonly what: string
  readonly text: string
  readonly problems: readonly (readonly [string, RegExp])[]
}

/**
 * One test per file: exactly these problems, at exactly these places. What is said of all of them stands in
 * `test/golden/invalid`, word for word, to be read aloud.
 */
export function testRefusals(subject: string, files: readonly InvalidFile[]): void {
  test(`the words about wrong ${subject} are those that were read and found good`, async (t) => {
    const said = await Promise.all(files.map(async ({ what, text }) => `${what}\n${await problemsOf(text)}\n`))
    t.assert.fileSnapshot(said.join('\n'), `test/golden/invalid/${subject}.txt`, { serializers: [String] })
  })
  for (const { what, text, problems } of files) {
    test(`refuses ${what}`, async () => {
      const found = (await parseRules([{ name: 'a.yaml', text }])).problems
      const messages = found.map(formatProblem).join('\n')
      assert.equal(found.length, problems.length, messages)
      for (const [index, [place, wording]] of problems.entries()) {
        const { code, at } = found[index]
        assert.equal(at.line === 0 ? `${code} ${at.file}` : `${code} ${at.line}:${at.column}`, place, messages)
        assert.match(formatProblem(found[index]), wording)
      }
    })
  }
}

async function problemsOf(text: string): Promise<string> {
  const { problems } = await parseRules([{ name: 'a.yaml', text }])
  return problems.map((problem) => `  ${formatProblem(problem)}`.replaceAll('\n', '\n  ')).join('\n')
}

/** An SLO that is right but for one line of its spec, which stands in line 9, or one line of its ratio, in line 10. */
export function slo(specLine: string, ratio = '{ bad: b_total, total: t_total }'): string {
  return `apiVersion: sloburn/v1
kind: SLO
metadata:
  name: checkout
spec:
  service: checkout
  objective: 99.9
  window: 30d
  ${specLine}
  indicator: { ratio: ${ratio} }
`
}

/** An SLO with another indicator, which stands in line 10 from column 16 on. */
export function sloWith(indicator: string): string {
  return replaced('ratio: { bad: b_total, total: t_total }', indicator)
}

/** An SLO that is right but for one line, replaced. */
export function replaced(line: string, by: string): string {
  const text = slo('description: d')
  assert.ok(text.includes(line))
  return text.replace(line, by)
}
