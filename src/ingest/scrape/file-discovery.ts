import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Labels, labelsOf } from '../../core/model/labels.ts'
import { targetFileBytesMax } from '../../core/model/limits.ts'
import { isMapping } from '../../core/model/mapping.ts'
import type { ScrapeConfig } from './config.ts'
import type { Found } from './discovery.ts'
import { type PageDefaults, readTarget, type ScrapeTarget } from './target.ts'

/** Reads the text of a file of targets; the problem says what is wrong with its syntax. */
export type ParseTargets = (text: string, file: string) => { readonly value: unknown } | { readonly problem: string }

/** Reads every file of targets that there is now; those whose name holds a `*` are looked for anew each time. */
export async function readTargetFiles(
  { files, page }: Pick<ScrapeConfig, 'files' | 'page'>,
  parse: ParseTargets,
): Promise<readonly Found[]> {
  const named = (await Promise.all(files.map(filesLike))).flat()
  return Promise.all([...new Set(named)].map((file) => readTargetFile(file, page, parse)))
}

async function filesLike(pattern: string): Promise<readonly string[]> {
  const name = basename(pattern)
  if (!name.includes('*')) return [pattern]
  const wanted = new RegExp(
    `^${name
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('.*')}$`,
  )
  try {
    const names = await readdir(dirname(pattern))
    return names
      .filter((each) => wanted.test(each))
      .toSorted()
      .map((each) => join(dirname(pattern), each))
  } catch {
    // A folder that is not there yet holds no files.
    return []
  }
}

async function readTargetFile(place: string, page: PageDefaults, parse: ParseTargets): Promise<Found> {
  const kind = 'file'
  try {
    if ((await stat(place)).size > targetFileBytesMax) {
      return { place, kind, result: { problem: `more than ${targetFileBytesMax} bytes` } }
    }
    const parsed = parse(await readFile(place, 'utf8'), place)
    return { place, kind, result: 'problem' in parsed ? parsed : readGroups(parsed.value, page) }
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return { place, kind, result: { problem: problem === 'ENOENT' ? 'there is no such file' : problem } }
  }
}

/** All groups of a file, or the first thing wrong: half a file of targets would end the series of the other half. */
function readGroups(value: unknown, page: PageDefaults): Found['result'] {
  if (value === null || value === undefined) return { targets: [] }
  if (!Array.isArray(value)) return { problem: 'not a list of groups: [{ targets: [host:port], labels: { … } }]' }
  const targets: ScrapeTarget[] = []
  for (const [place, group] of value.entries()) {
    const read = readGroup(group, page)
    if (typeof read === 'string') return { problem: `group ${place + 1}: ${read}` }
    targets.push(...read)
  }
  return { targets }
}

function readGroup(group: unknown, page: PageDefaults): readonly ScrapeTarget[] | string {
  if (!isMapping(group)) return 'not a mapping with "targets" and "labels"'
  const unknown = Object.keys(group).find((key) => key !== 'targets' && key !== 'labels')
  if (unknown !== undefined) return `unknown key "${unknown}"`
  const { targets: addresses, labels = {} } = group
  if (!Array.isArray(addresses) || !addresses.every((address) => typeof address === 'string')) {
    return '"targets" is not a list of addresses'
  }
  if (!isMapping(labels) || !Object.values(labels).every((value) => typeof value === 'string')) {
    return '"labels" is not a mapping of texts'
  }
  const pairs = Object.entries(labels).map(([name, value]) => [name, String(value)] as const)
  const targets: ScrapeTarget[] = []
  for (const address of addresses) {
    const target = readTarget(address, pageOf(new Map(pairs), page))
    if ('problem' in target) return `${address}: ${target.problem}`
    targets.push(target)
  }
  return targets
}

/** Labels with two underscores say how a target is scraped, as in Prometheus; others of that kind are for nobody. */
function pageOf(labels: Labels, page: PageDefaults): PageDefaults {
  const own = [...labels].filter(([name]) => !name.startsWith('__'))
  const params = [...labels].flatMap(([name, value]) =>
    name.startsWith('__param_') ? [[name.slice('__param_'.length), value] as const] : [],
  )
  return {
    scheme: labels.get('__scheme__') ?? page.scheme,
    path: labels.get('__metrics_path__') ?? page.path,
    params: [...page.params.filter(([name]) => !params.some(([other]) => other === name)), ...params],
    labels: labelsOf(new Map([...page.labels, ...own])),
  }
}
