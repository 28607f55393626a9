import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compileSlos } from '../compile/compile-slos.ts'
import { madeByUs, type RenderedFile, type RulerTarget, renderRules } from '../compile/render-rules.ts'
import { isError } from '../core/model/problem.ts'
import { parseRules } from '../rules/parse-rules.ts'
import { parsePromql } from '../rules/promql/parse-promql.ts'
import { givenRuleFiles } from './given-rule-files.ts'
import { exitCode, type Io } from './io.ts'
import { printProblems } from './print-problems.ts'
import { problemExitCode } from './problem-exit-code.ts'

/** Thanos and vmalert read what they recorded from a store, which takes a moment. */
const readsOf = { prometheus: 'at-once', mimir: 'at-once', thanos: 'later', vmalert: 'later' } as const

/** The options of `compile` as they stand on the command line. */
export interface CompileArguments {
  readonly target: RulerTarget
  /** The directory that the files are written into; without it they go to stdout. */
  readonly out?: string
  readonly names: 'sloburn' | 'sloth'
  readonly kind: 'rules' | 'PrometheusRule'
  /** `key=value`, each a label of the Kubernetes object. */
  readonly label?: readonly string[]
}

/**
 * Makes rules for a ruler of rule files. What cannot be expressed is told on stderr with the reason, and the rest is made
 * all the same; 1 when something was refused or a rule file is wrong, 2 when a file cannot be read or written.
 */
export async function runCompile(
  paths: readonly string[],
  options: CompileArguments,
  io: Pick<Io, 'stdout' | 'stderr'>,
): Promise<number> {
  const usage = misuse(options)
  if (usage !== undefined) {
    io.stderr.write(`sloburn compile: ${usage}\n`)
    return exitCode.cannotWork
  }
  const given = await givenRuleFiles(paths)
  const rules = await parseRules(given.ruleFiles)
  const wrong = [...given.problems, ...rules.problems]
  if (wrong.some(isError)) {
    printProblems(wrong, io)
    return problemExitCode(wrong)
  }
  const { services, problems } = compileSlos(rules.slos, rules.maintenances, {
    names: options.names,
    reads: readsOf[options.target],
    // The language of vmalert is a larger one.
    ...(options.target === 'vmalert' ? {} : { refusedQuery: notPromql }),
  })
  printProblems([...wrong, ...problems], io)
  const made = renderRules(services, { ...options, objectLabels: objectLabels(options) })
  if (options.out === undefined) io.stdout.write(made.map(({ text }) => text).join('---\n'))
  else if (!(await writeAll(made, options.out, io))) return exitCode.cannotWork
  const groups = [...services.values()].flat()
  const count = groups.reduce((sum, group) => sum + group.rules.length, 0)
  io.stderr.write(`${count} rules in ${groups.length} groups, ${made.length} ${made.length === 1 ? 'file' : 'files'}\n`)
  return problems.some(isError) ? exitCode.wrong : exitCode.fine
}

function notPromql(query: string): string | undefined {
  const parsed = parsePromql(query)
  return parsed.kind === 'failed' ? parsed.message : undefined
}

function misuse({ target, kind, label = [] }: CompileArguments): string | undefined {
  if (kind === 'PrometheusRule' && (target === 'mimir' || target === 'vmalert')) {
    return `PrometheusRule objects are for the Prometheus Operator; ${target} reads files`
  }
  if (label.length > 0 && kind !== 'PrometheusRule') return '--label is for --kind PrometheusRule'
  const odd = label.find((one) => !/^[\w./-]+=[\w.-]*$/.test(one))
  return odd === undefined ? undefined : `--label ${odd} is not key=value`
}

function objectLabels({ label = [] }: CompileArguments): Record<string, string> {
  return Object.fromEntries(label.map((one) => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]))
}

/** Writes every file, or none when one would replace something that was not made by us. */
async function writeAll(made: readonly RenderedFile[], out: string, { stderr }: Pick<Io, 'stderr'>): Promise<boolean> {
  await mkdir(out, { recursive: true })
  const ours: string[] = []
  for (const name of (await readdir(out)).filter((each) => each.endsWith('.rules.yaml')).sort()) {
    if ((await readFile(join(out, name), 'utf8')).startsWith(madeByUs)) ours.push(name)
    else if (made.some((file) => file.name === name)) {
      stderr.write(`sloburn compile: ${join(out, name)} was not made by sloburn and is not overwritten\n`)
      return false
    }
  }
  for (const { name, text } of made) await writeFile(join(out, name), text)
  for (const name of ours.filter((each) => made.every((file) => file.name !== each))) {
    stderr.write(`${join(out, name)}: this was made before and is not any more; delete it if its service is gone\n`)
  }
  return true
}
