import { createHash, type Hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folders that reading a rule file depends on: the table of who may import whom says that there are no others. */
const readerFolders = ['core', 'documents', 'rules']

/** The folder that holds them, as source or compiled. */
const ownSource = fileURLToPath(new URL('..', import.meta.url))

/**
 * A digest of everything that decides what is read from a rule file beside its text: our own code, the packages it uses, and the runtime
 * with its tables of time zones and letters. It takes the place of a version number, which somebody would forget to raise.
 */
export function readerDigest(source = ownSource): string {
  const hash = createHash('sha256').update(JSON.stringify(process.versions))
  for (const folder of readerFolders) addFolder(hash, source, folder)
  addPackages(hash, dirname(source))
  return hash.digest('hex')
}

function addFolder(hash: Hash, root: string, folder: string): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = join(folder, entry.name)
    if (entry.isDirectory()) addFolder(hash, root, name)
    else addFile(hash, root, name)
  }
}

/** Which packages there are: those asked for, as they were installed, and what npm says of those they need themselves. */
function addPackages(hash: Hash, root: string): void {
  addFile(hash, root, 'package.json')
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { dependencies } = { dependencies: {}, ...(typeof manifest === 'object' ? manifest : {}) }
  const folders = ownAndAbove(root).map((folder) => join(folder, 'node_modules'))
  for (const name of Object.keys(dependencies)) addFirst(hash, folders, join(name, 'package.json'))
  addFirst(hash, folders, '.package-lock.json')
}

function addFirst(hash: Hash, folders: readonly string[], name: string): void {
  const folder = folders.find((each) => existsSync(join(each, name)))
  if (folder !== undefined) addFile(hash, folder, name)
}

/** By its name within a folder: where it is installed makes no difference. */
function addFile(hash: Hash, folder: string, name: string): void {
  hash
    .update(JSON.stringify(name))
    .update(readFileSync(join(folder, name)))
    .update('\n')
}

function ownAndAbove(folder: string): readonly string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...ownAndAbove(above)]
}
