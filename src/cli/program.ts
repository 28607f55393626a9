import { Command, CommanderError, Option } from 'commander'
import { reportFormats } from '../core/model/report-format.ts'
import type { BacktestArguments } from './backtest.ts'
import type { CheckArguments, ConfigCheck } from './check.ts'
import type { CompileArguments } from './compile.ts'
import type { ConvertArguments } from './convert.ts'
import type { DashboardsArguments } from './dashboards.ts'
import { exitCode, type Io } from './io.ts'
import { packageVersion } from './package-version.ts'
import type { ReportArguments } from './report.ts'
import type { StatusArguments } from './status.ts'
import { errorText } from './system-error.ts'
import type { TestArguments } from './test.ts'

/** Adds one command; `done` is told its exit code. */
type AddCommand = (program: Command, io: Io, done: Done) => void
type Done = (code: number) => void

/** Every command, in the order of the help. */
const commands: readonly AddCommand[] = [
  addRun,
  addDemo,
  addCheck,
  addTest,
  addBacktest,
  addReport,
  addConvert,
  addCompile,
  addDashboards,
  addStatus,
]

/**
 * Runs one command line (without node and script) and answers the exit code: 0 fine, 1 found something wrong, 2 cannot work.
 * Each command's file is imported only when it is asked for, so that `--help` stays quick.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = exitCode.fine
  const program = frame(io)
  for (const add of commands)
    add(program, io, (result) => {
      code = result
    })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.cannotWork
    io.stderr.write(`sloburn: ${errorText(error)}\n`)
    return exitCode.cannotWork
  }
}

function frame(io: Io): Command {
  return new Command('sloburn')
    .description('SLO burn-rate alerting: exact counts per region, one page per incident.')
    .version(packageVersion(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    .showHelpAfterError('    hint: --help tells what it takes')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => io.stdout.isTTY === true,
      getErrHasColors: () => io.stderr.isTTY === true,
    })
}

async function loadConfigCheck(): Promise<ConfigCheck> {
  return (await import('../config/load-config.ts')).configWithoutSecrets
}

function addRun(program: Command, io: Io, done: Done): void {
  program
    .command('run')
    .description('run the engine')
    .requiredOption('--config <file>', 'engine config')
    .action(async (options: { config: string }) => done(await (await import('./run.ts')).runEngine(options, io)))
}

function addDemo(program: Command, io: Io, done: Done): void {
  program
    .command('demo')
    .description('run the engine with three demo regions')
    .action(async () => done(await (await import('./demo.ts')).runDemo(io)))
}

function addCheck(program: Command, io: Io, done: Done): void {
  program
    .command('check')
    .description('validate rule files and engine config')
    .argument('<path...>', 'files, or directories of rule files')
    .option('--json', 'print problems as JSON; the same as --format json')
    .addOption(
      new Option('--format <format>', 'how to print problems').choices(['text', 'json', 'github']).default('text'),
    )
    .option(
      '--data <file...>',
      'OpenMetrics text with real series, to check bounds of latencies and amounts of traffic against',
    )
    .option('--retention <duration>', 'how far back your history reaches (default: what the engine keeps, 500d)')
    .option('--send-test <receiver...>', 'send a test message, and its end, to receivers of the engine config')
    .action(async (paths: string[], options: CheckArguments) => {
      done(await (await import('./check.ts')).runCheck(paths, { ...options, configCheck: loadConfigCheck }, io))
    })
}

function addTest(program: Command, io: Io, done: Done): void {
  program
    .command('test')
    .description('run rule unit tests: stories in series notation, and the alerts and budgets that must come of them')
    .argument('<path...>', '*.test.yaml files, or directories of them')
    .option('--run <pattern>', 'only tests whose name matches this regular expression')
    .option('--json', 'print one JSON document')
    .option('--tap', 'print TAP')
    .option('--junit <file>', 'write a JUnit report as well')
    .action(async (paths: string[], options: TestArguments) => {
      done(await (await import('./test.ts')).runTests(paths, options, io))
    })
}

function addBacktest(program: Command, io: Io, done: Done): void {
  program
    .command('backtest')
    .description('replay history through the engine and tell which alerts would have fired')
    .requiredOption('--rules <path...>', 'rule files or directories')
    .requiredOption('--data <file...>', 'OpenMetrics text with timestamps; may be gzipped (.gz)')
    .option('--start <time>', 'RFC 3339 or Unix seconds (default: first sample)')
    .option('--end <time>', 'RFC 3339 or Unix seconds (default: last sample)')
    .option('--step <duration>', 'time between evaluations', '15s')
    .option('--json', 'print one JSON document')
    .option('--burn-rates <file>', 'write every burn rate of every step to this file, as NDJSON')
    .action(async (options: BacktestArguments) => done(await (await import('./backtest.ts')).runBacktest(options, io)))
}

function addReport(program: Command, io: Io, done: Done): void {
  program
    .command('report')
    .description('write a budget report of a period, from the store of an engine or from history')
    .requiredOption('--period <period>', '2026-10, 2026-10-05, 2026-W41, 2026-Q4, 2026 or 2026-10-01..2026-10-15')
    .addOption(
      new Option('--format <format>', 'what to write (default: by the name of the file, else html)').choices(
        reportFormats,
      ),
    )
    .option('--out <file>', 'where to write it (default: print it)')
    .option('--config <file>', 'engine config: its store, its rules and what it says about reports')
    .option('--rules <path...>', 'rule files or directories, for a report on --data')
    .option('--data <file...>', 'OpenMetrics text with timestamps to make the report of, instead of a store')
    .option('--time-zone <zone>', 'whose days these are (default: that of the config, else UTC)')
    .option('--compare', 'put every figure beside that of the period before')
    .action(async (options: ReportArguments) => done(await (await import('./report.ts')).runReport(options, io)))
}

function addConvert(program: Command, io: Io, done: Done): void {
  program
    .command('convert')
    .description('make sloburn files of Sloth, Pyrra and OpenSLO files')
    .argument('<path...>', 'files, or directories of them')
    .option('--out <directory>', 'write files into this directory (default: print them)')
    .action(async (paths: string[], options: ConvertArguments) => {
      done(await (await import('./convert.ts')).runConvert(paths, options, io))
    })
}

function addCompile(program: Command, io: Io, done: Done): void {
  program
    .command('compile')
    .description('make recording and alerting rules for Prometheus, Mimir, Thanos or vmalert')
    .argument('<path...>', 'rule files, or directories of them')
    .addOption(
      new Option('--target <ruler>', 'what evaluates the rules')
        .choices(['prometheus', 'mimir', 'thanos', 'vmalert'])
        .default('prometheus'),
    )
    .option('--out <directory>', 'write one file per service into this directory (default: print them)')
    .addOption(
      new Option('--names <names>', 'sloth adds what dashboards of Sloth read')
        .choices(['sloburn', 'sloth'])
        .default('sloburn'),
    )
    .addOption(
      new Option('--kind <kind>', 'plain rule files, or objects of the Prometheus Operator')
        .choices(['rules', 'PrometheusRule'])
        .default('rules'),
    )
    .option('--label <key=value...>', 'labels of those objects')
    .action(async (paths: string[], options: CompileArguments) => {
      done(await (await import('./compile.ts')).runCompile(paths, options, io))
    })
}

function addDashboards(program: Command, io: Io, done: Done): void {
  program
    .command('dashboards')
    .description('make Grafana dashboards of rule files, and of what the engine config says about dashboards')
    .argument('<path...>', 'rule files or directories, and the engine config where it has dashboards')
    .option('--out <directory>', 'write dashboards and provisioning into this directory')
    .addOption(
      new Option('--schema <schema>', 'the format: classic, or the v2 of Grafana 12 and newer')
        .choices(['classic', 'v2'])
        .default('classic'),
    )
    .option('--diff <url>', 'compare with the dashboards of a running Grafana')
    .option('--push <url>', 'write the dashboards to a running Grafana')
    .option(
      '--token-file <file>',
      'a file with the token for Grafana (default: the environment variable GRAFANA_TOKEN)',
    )
    .action(async (paths: string[], options: DashboardsArguments) => {
      done(await (await import('./dashboards.ts')).runDashboards(paths, options, io))
    })
}

function addStatus(program: Command, io: Io, done: Done): void {
  program
    .command('status')
    .description('print what a running engine sees')
    .option('--url <url>', 'where the engine listens', 'http://127.0.0.1:9712')
    .option('--json', 'print the answers of the API as one JSON document')
    .action(async (options: StatusArguments) => done(await (await import('./status.ts')).runStatus(options, io)))
}
