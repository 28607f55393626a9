import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout under test, without a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** A text file of the checkout; the path is from its root and has forward slashes. */
export interface RepositoryFile {
  readonly path: string
  readonly text: string
}

/** What is installed, built or written at run time. */
const foreign = new Set(['node_modules', 'dist', '.cache', '.git', 'data'])

/** The text files that match, in the order of their paths. */
export function repositoryFiles(pattern: string): RepositoryFile[] {
  return globSync(pattern, { cwd: repositoryRoot, exclude: (path) => foreign.has(path) })
    .filter((path) => statSync(join(repositoryRoot, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => ({ path, text: readRepositoryFile(path) }))
}

/** The text of one file of the checkout. */
export function readRepositoryFile(path: string): string {
  return readFileSync(join(repositoryRoot, path), 'utf8')
}
