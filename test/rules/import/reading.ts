import { formatProblem } from '../../../src/core/model/problem.ts'
import { convertFiles } from '../../../src/rules/import/convert-files.ts'
import { parseRules, type RuleSet } from '../../../src/rules/parse-rules.ts'

/** What files of other tools declare; the first is `a.yaml`, the second `b.yaml`. */
export function read(...texts: readonly string[]): Promise<RuleSet> {
  return parseRules(texts.map((text, index) => ({ name: `${'abc'[index]}.yaml`, text })))
}

/** The problems as they are printed, without the file. */
export async function problemsOf(...texts: readonly string[]): Promise<string[]> {
  return (await read(...texts)).problems.map((problem) => formatProblem(problem).replace(/^a\.yaml:/, ''))
}

/** Only those that keep the file from being used. */
export async function errorsOf(...texts: readonly string[]): Promise<string[]> {
  return (await problemsOf(...texts)).filter((text) => !text.includes(' warning: '))
}

/** The native file that is made of a text. */
export async function converted(text: string): Promise<string> {
  const { files } = await convertFiles([{ name: 'a.yaml', text }])
  return files[0].text
}

/** The parts of the native file under one key of the spec, dedented: what became of it. */
export async function convertedPart(text: string, key: string): Promise<string> {
  const lines = (await converted(text)).split('\n')
  const start = lines.findIndex((line) => line.startsWith(`  ${key}:`))
  if (start < 0) return ''
  const length = lines.slice(start + 1).findIndex((line) => !line.startsWith('   '))
  return lines
    .slice(start, start + 1 + length)
    .map((line) => line.slice(2))
    .join('\n')
}
