import { matchesGlob, posix } from 'node:path'

/** One import of one source file, type-only imports included. */
export interface Import {
  /** Of the importing file, from `src`: `core/model/slo.ts`. */
  readonly from: string
  /** As written: `../ports/clock.ts`, `ajv/dist/core.js`, `node:fs`. */
  readonly specifier: string
}

/** Folder → what it may import: folders, or globs of files. A folder may always import itself. */
export type ImportMap = Readonly<Record<string, readonly string[]>>

/** npm package → the folders that may import it. */
export type PackageHomes = Readonly<Record<string, readonly string[]>>

/** Every module a text imports or re-exports, also by `import('…')`. */
export function importsOf(from: string, text: string): Import[] {
  const statement = /^(?:import|export)\b(?:[\w\s{},*$]*?\bfrom)?\s*['"]([^'"]+)['"]/gm
  const call = /\bimport\(\s*['"]([^'"]+)['"]/g
  return [statement, call].flatMap((pattern) => {
    return [...withoutComments(text).matchAll(pattern)].map(([, specifier = '']) => ({ from, specifier }))
  })
}

/** The text without whole-line comments and comments after code, so that prose is not taken for code. */
export function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1')
}

/** The imports of own files that the map does not allow, as sentences. */
export function forbiddenImports(imports: readonly Import[], map: ImportMap): string[] {
  return imports.flatMap(({ from, specifier }) => {
    if (!specifier.startsWith('.')) return []
    const target = posix.normalize(posix.join(posix.dirname(from), specifier))
    const folder = folderOf(from, map)
    if (folder === undefined) return [`${from} is in no folder of the import map`]
    const allowed = [folder, ...(map[folder] ?? [])]
    if (allowed.some((place) => isWithin(target, place))) return []
    return [`${from} imports ${target}; ${folder} may import ${map[folder]?.join(', ') || 'nothing'}`]
  })
}

/** Imports between folders that are siblings in `parent` and share nothing but the folders given. */
export function siblingImports(imports: readonly Import[], parent: string, shared: readonly string[] = []): string[] {
  return imports.flatMap(({ from, specifier }) => {
    const target = posix.normalize(posix.join(posix.dirname(from), specifier))
    const [one, other] = [siblingOf(from, parent), siblingOf(target, parent)]
    if (!specifier.startsWith('.') || one === undefined || other === undefined) return []
    return one === other || shared.includes(other) ? [] : [`${from} imports ${target}, its neighbour`]
  })
}

/** The imports of npm packages outside the folders that own them, as sentences. */
export function strayPackages(imports: readonly Import[], homes: PackageHomes): string[] {
  return imports.flatMap(({ from, specifier }) => {
    const name = packageOf(specifier)
    if (name === undefined) return []
    const home = homes[name]
    if (home?.some((folder) => isWithin(from, folder))) return []
    return [`${from} imports ${name}, whose home is ${home?.join(', ') ?? 'nowhere'}`]
  })
}

/** The npm package of a specifier; undefined for own files and Node's modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The folder of the map that a file belongs to, the deepest if several hold it. */
function folderOf(file: string, map: ImportMap): string | undefined {
  return Object.keys(map)
    .filter((folder) => isWithin(file, folder))
    .toSorted((a, b) => b.length - a.length)[0]
}

function siblingOf(file: string, parent: string): string | undefined {
  const [folder, ...rest] = file.startsWith(`${parent}/`) ? file.slice(parent.length + 1).split('/') : []
  return rest.length > 0 ? folder : undefined
}

function isWithin(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`) || matchesGlob(file, place)
}
