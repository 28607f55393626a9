import type { SentTest } from '../app/send-test.ts'
import { loadConfig } from '../config/load-config.ts'
import type { RuleFile } from '../rules/read-documents.ts'
import { exitCode, type Io } from './io.ts'
import { printProblems } from './print-problems.ts'

/** Sends a test message to receivers of the engine configs given; tells what became of each, and answers the exit code. */
export async function runSendTest(
  configs: readonly RuleFile[],
  receivers: readonly string[],
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
): Promise<number> {
  const [file, ...more] = configs
  if (file === undefined || more.length > 0) {
    const found = more.length > 0 ? 'there are several' : 'there is none'
    io.stderr.write(`sloburn check: --send-test needs one engine config among the files, and ${found}\n`)
    return exitCode.cannotWork
  }
  // The check did without secrets; a message needs them.
  const { config, problems } = await loadConfig(file.name, io.env)
  if (config === undefined) {
    printProblems(problems, io)
    return exitCode.wrong
  }
  const known = config.receivers.map(({ name }) => name)
  const unknown = receivers.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    io.stderr.write(`sloburn check: there is no receiver ${JSON.stringify(unknown)}; there are ${known.join(', ')}\n`)
    return exitCode.cannotWork
  }
  const { sendTest } = await import('../app/send-test.ts')
  const sent = await sendTest(config, receivers)
  for (const one of sent) io.stdout.write(`${lineOf(one)}\n`)
  return sent.every(isSound) ? exitCode.fine : exitCode.wrong
}

function isSound({ outcomes, failedTemplates }: SentTest): boolean {
  return failedTemplates === 0 && outcomes.length === 2 && outcomes.every(({ kind }) => kind === 'delivered')
}

function lineOf({ receiver, kind, recipient, outcomes, failedTemplates }: SentTest): string {
  const to = recipient === '' ? '' : ` to ${recipient}`
  const steps = outcomes.map((outcome, index) => {
    const step = index === 0 ? 'open' : 'end'
    return outcome.kind === 'delivered' ? `${step} delivered` : `${step} failed (${outcome.kind}): ${outcome.reason}`
  })
  const templates = failedTemplates === 0 ? '' : `; templates failed: ${failedTemplates}`
  return `${receiver} (${kind})${to}: ${steps.join(', ')}${templates}`
}
