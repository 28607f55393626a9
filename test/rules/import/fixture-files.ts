import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RuleFile } from '../../../src/rules/read-documents.ts'
import { readRepositoryFile, repositoryFiles, repositoryRoot } from '../../support/repository-files.ts'

/** Example files of the other tools, which are not part of the checkout. */
const folder = join(repositoryRoot, '../shared/fixtures')

/** Why tests over the examples of the other tools are skipped, false when they are there. */
export const withoutFixtures = existsSync(folder) ? false : 'optional: ../shared/fixtures is absent'

/** The example files of one tool, by their names below the folder. */
export function fixtureFiles(tool: 'sloth' | 'pyrra' | 'openslo'): RuleFile[] {
  const names = globSync(`${tool}/*.y*ml`, { cwd: folder }).toSorted()
  return names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

/** Documents of our own in the formats of the other tools, which golden files are made from. */
export function ownFiles(): RuleFile[] {
  return repositoryFiles('test/golden/import/*.in.yaml').map(({ path, text }) => ({
    name: path.slice('test/golden/import/'.length),
    text,
  }))
}

/** One of them. */
export function ownFile(name: string): RuleFile {
  return { name, text: readRepositoryFile(`test/golden/import/${name}`) }
}
