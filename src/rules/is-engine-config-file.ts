import { isEngineConfig } from './identify-document.ts'
import { type RuleFile, readDocuments } from './read-documents.ts'

/** Whether a file holds the engine's own configuration rather than rules. */
export function isEngineConfigFile(file: RuleFile): boolean {
  // Nearly every file begins a line with apiVersion, and parsing it twice would double the time of a check.
  if (/^[\s{"']*apiVersion["']?\s*:/m.test(file.text)) return false
  return readDocuments(file).documents.some(isEngineConfig)
}
