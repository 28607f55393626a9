import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RenderedFile } from '../../src/compile/render-rules.ts'
import { formatLabels } from '../../src/core/model/labels.ts'
import type { RuleTest, TestSeries } from '../../src/rules/rule-test/rule-test.ts'

/** Series over time and rules on them, as Prometheus' own rule evaluation plays them. */
export interface PromtoolStory extends Pick<RuleTest, 'series' | 'everyMs' | 'stepMs'> {
  readonly rules: readonly RenderedFile[]
}

/** What is asked of a story, in milliseconds of it. */
export interface PromtoolQuestion {
  readonly expr: string
  readonly at: number
}

/** One series of an answer. */
export interface PromtoolSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/**
 * Asks `promtool test rules`, in the order of the questions. It can only be told what to expect: that is nothing, and it says
 * what there is instead.
 */
export async function askPromtool(
  promtool: string,
  { rules, series, everyMs, stepMs }: PromtoolStory,
  questions: readonly PromtoolQuestion[],
): Promise<readonly (readonly PromtoolSample[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sloburn-promtool-'))
  try {
    for (const { name, text } of rules) await writeFile(join(folder, name), text)
    const asked = questions.map(({ expr, at }) => ({ expr, eval_time: `${at}ms`, exp_samples: [] }))
    const test = { interval: `${everyMs}ms`, input_series: series.map(inputSeries), promql_expr_test: asked }
    const story = { rule_files: rules.map(({ name }) => name), evaluation_interval: `${stepMs}ms`, tests: [test] }
    await writeFile(join(folder, 'story.json'), JSON.stringify(story))
    const answers = answersIn(await outputOf(promtool, ['test', 'rules', 'story.json'], folder))
    return questions.map(({ expr, at }) => answers.get(`${at} ${expr}`) ?? [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function inputSeries({ labels, values }: Pick<TestSeries, 'labels' | 'values'>) {
  const text = values.map((value) => (value === 'none' ? '_' : String(value))).join(' ')
  return { series: formatLabels(labels), values: text }
}

async function outputOf(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
  const [code, signal] = await once(child, 'close')
  if (signal !== null) throw new Error(`${program} was ended by ${signal} (${code})`)
  return Buffer.concat(output).toString()
}

/** Time and expression → the samples that were not expected. */
function answersIn(output: string): ReadonlyMap<string, readonly PromtoolSample[]> {
  const answers = new Map<string, PromtoolSample[]>()
  let question: string | undefined
  for (const line of output.split('\n')) {
    const [, expr, time] = /^\s+expr: (".*"), time: (\S+),/.exec(line) ?? []
    if (expr !== undefined && time !== undefined) question = `${milliseconds(time)} ${JSON.parse(expr)}`
    const [, got] = /^\s+got: ?(.*)$/.exec(line) ?? []
    if (got !== undefined && question !== undefined) answers.set(question, samplesIn(got))
    else if (/^\s+(?:err|error)|unmarshal|parse error|, err: /.test(line)) throw new Error(output.slice(0, 3_000))
  }
  return answers
}

function samplesIn(text: string): PromtoolSample[] {
  return [...text.matchAll(/(?:\w+)?\{([^}]*)\} ([-+\w.]+)/g)].map(([, labels = '', value]) => ({
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', own = '']) => [name, own])),
    value: Number(value?.replace('Inf', 'Infinity')),
  }))
}

/** As Prometheus prints durations: 1d1h8m45s. */
function milliseconds(text: string): number {
  const units = new Map([
    ['w', 604_800_000],
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
    ['ms', 1],
  ])
  const parts = text.matchAll(/([\d.]+)(w|d|h|ms|m|s)/g)
  return Math.round([...parts].reduce((sum, [, count, unit = '']) => sum + Number(count) * (units.get(unit) ?? 0), 0))
}
