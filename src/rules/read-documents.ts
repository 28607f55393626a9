import type { Problem } from '../core/model/problem.ts'
import { type SourceFile, type YamlDocuments, yamlDocuments } from '../documents/yaml-documents.ts'

/** A rule file's name, as messages give it, and its text. */
export type RuleFile = SourceFile

/** All documents of one rule file; a file without any is worth a warning. */
export function readDocuments(file: RuleFile): YamlDocuments {
  const { documents, problems } = yamlDocuments(file)
  return { documents, problems: documents.length === 0 && problems.length === 0 ? [noDocuments(file)] : problems }
}

function noDocuments(file: RuleFile): Problem {
  const at = { file: file.name, line: 0, column: 0 }
  return { code: 'NO_RULE_DOCUMENTS', severity: 'warning', at, message: 'the file holds no rule document' }
}
