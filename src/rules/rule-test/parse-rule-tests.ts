import type { Problem } from '../../core/model/problem.ts'
import { checkSchema } from '../../documents/check-schema.ts'
import { problemCollector } from '../../documents/problem-collector.ts'
import type { SourceDocument } from '../../documents/source-document.ts'
import { type RuleFile, readDocuments } from '../read-documents.ts'
import { readRuleTest } from './read-rule-test.ts'
import type { RuleTestFile } from './rule-test.ts'
import { ruleTestSchema } from './rule-test-schema.ts'

/** What one `*.test.yaml` file holds; a document with errors is left out. */
export interface ParsedRuleTests {
  readonly documents: readonly RuleTestFile[]
  readonly problems: readonly Problem[]
}

/** Reads a rule test file from its text and finds everything that is wrong with it. */
export function parseRuleTests(file: RuleFile): ParsedRuleTests {
  const { documents, problems } = readDocuments(file)
  const read = documents.map(readDocument)
  return {
    documents: read.flatMap(({ content }) => content ?? []),
    problems: [...problems, ...read.flatMap((each) => each.problems)].sort(byPlace),
  }
}

interface ReadDocument {
  readonly content: RuleTestFile | undefined
  readonly problems: readonly Problem[]
}

function readDocument(document: SourceDocument): ReadDocument {
  const problems = problemCollector(document)
  // Values are read before the structure is checked: of two findings at one path the reader's is the more precise.
  const content = readRuleTest({ document, problems, languages: {} })
  for (const finding of checkSchema(ruleTestSchema, document)) problems.report(finding)
  return { content: problems.hasErrors() ? undefined : content, problems: problems.problems }
}

function byPlace({ at: a }: Problem, { at: b }: Problem): number {
  return a.line - b.line || a.column - b.column
}
