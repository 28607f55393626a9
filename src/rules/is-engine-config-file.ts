import { isEngineConfig } from './identify-document.ts'
import { type RuleFile, readDocuments } from './read-documents.ts'

/** Whether a file holds the engine's own configuration rather than rules. */
export function isEngineConfigFile(file: RuleFile): boolean {
  // Nearly every file begins a line with apiVersion, or version as Sloth's do; parsing it twice would double the time.
  if (/^[\s{"']*(apiVersion|version)["']?\s*:/m.test(file.text)) return false
  return readDocuments(file).documents.some(isEngineConfig)
}
