import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { type FileResult, runRuleTests } from '../../../src/simulation/rule-test/run-rule-tests.ts'

const rules = fileURLToPath(new URL('../../scenarios/rules/shop.yaml', import.meta.url))

/** What tests choose of a test file; the story is that of one fast burn unless they tell another. */
export interface ToldStory {
  /** Lines of `series:`. */
  readonly series?: readonly string[]
  /** Items of `expect:`, in YAML's flow style. */
  readonly expect: readonly string[]
  /** More lines at the top of the file. */
  readonly settings?: readonly string[]
}

/**
 * An hour without errors, ten minutes at 10 % in eu, fifty without; us is healthy and tiny. The rule 1h/5m above 14.4 pages
 * in eu and global at 1h8m45s and resolves at 1h14m30s.
 */
export const fastBurn = [
  'requests_total{service="checkout",region="eu"}: 0+1000x120',
  'errors_total{service="checkout",region="eu"}: 0x60 100+100x9 1000x50',
  'requests_total{service="checkout",region="us"}: 0+1x120',
]

/** The same for an SLO that opens tickets as well. */
export const burnWithTickets = fastBurn.map((line) => line.replace('checkout', 'catalogue'))

export function storyText({ series = fastBurn, expect, settings = [] }: ToldStory): string {
  return [
    `rules: ${rules}`,
    'every: 1m',
    ...settings,
    'series:',
    ...series.map((line) => `  ${line}`),
    'expect:',
    ...expect.map((item) => `  - ${item}`),
    '',
  ].join('\n')
}

/** Runs one test file as it would stand at `story.test.yaml`. */
export async function runStory(story: ToldStory): Promise<FileResult> {
  return runText(storyText(story))
}

export async function runText(text: string, name = 'story.test.yaml'): Promise<FileResult> {
  const results: FileResult[] = []
  for await (const result of runRuleTests([{ name, text }], { isWanted: () => true, now: () => 0 }))
    results.push(result)
  assert.equal(results.length, 1)
  return results[0]
}

/** The codes of everything that was not met or could not be run, warnings left out. */
export function codesOf({ problems, tests }: FileResult): string[] {
  return [
    ...problems.filter(({ severity }) => severity === 'error'),
    ...tests.flatMap((test) => [...test.problems, ...test.failures.map(({ problem }) => problem)]),
  ].map(({ code }) => code)
}
