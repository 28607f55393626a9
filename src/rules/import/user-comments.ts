import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, Parser, parseAllDocuments } from 'yaml'
import type { Path } from '../../documents/source-document.ts'
import type { RuleFile } from '../read-documents.ts'

/** A comment in a file, and what it is about. */
export interface UserComment {
  readonly path: Path
  /** Above the value on lines of its own, behind it on the same line, or below all that belongs to it. */
  readonly position: 'before' | 'behind' | 'after'
  /** Without the number signs; an empty line between two comments is kept. */
  readonly text: string
}

/** The comments of one document, and where its content begins. */
export interface DocumentComments {
  readonly line: number
  readonly column: number
  readonly comments: readonly UserComment[]
}

/** The comments of every document of a file. */
export function userComments({ text }: RuleFile): readonly DocumentComments[] {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' })
  const found = commentsIn(text)
  let from = 0
  return documents.flatMap((document, index) => {
    const isLast = index === documents.length - 1
    const end = isLast ? Number.POSITIVE_INFINITY : document.range[2]
    const own = found.filter(({ offset }) => offset >= from && offset < end)
    from = end
    const start = document.contents?.range?.[0]
    if (start === undefined) return []
    const { line, col } = lines.linePos(start)
    const entries = own.length === 0 ? [] : entriesOf(document, text)
    return [{ line, column: col, comments: joined(own.map((comment) => located(comment, entries))) }]
  })
}

interface RawComment {
  readonly offset: number
  readonly text: string
  readonly isBehind: boolean
  readonly column: number
  /** Whether an empty line stands above. */
  readonly isApart: boolean
}

function commentsIn(text: string): readonly RawComment[] {
  const comments: RawComment[] = []
  const take = (token: unknown): void => {
    if (Array.isArray(token)) for (const item of token) take(item)
    else if (isToken(token)) {
      if (token['type'] === 'comment' && typeof token['offset'] === 'number')
        comments.push(rawComment(token['offset'], String(token['source']), text))
      else for (const part of Object.values(token)) take(part)
    }
  }
  for (const token of new Parser().parse(text)) take(token)
  return comments.toSorted((a, b) => a.offset - b.offset)
}

function isToken(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function rawComment(offset: number, source: string, text: string): RawComment {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const before = text.slice(lineStart, offset)
  const isBehind = before.trim() !== '' && before.trim() !== '---'
  const lineAbove = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart)
  const isApart = lineStart > 0 && lineAbove.trim() === ''
  // A space is what the printer makes a bare number sign of; nothing would become an empty line.
  return { offset, text: source.slice(1) || ' ', isBehind, column: offset - lineStart, isApart }
}

/** A key or an item of a list: where it begins, and how far it is indented. */
interface Entry {
  readonly path: Path
  readonly start: number
  readonly column: number
}

function entriesOf({ contents }: Document.Parsed, text: string): readonly Entry[] {
  const entries: Entry[] = []
  const add = (path: Path, start: number): void => {
    entries.push({ path, start, column: start - (text.lastIndexOf('\n', start - 1) + 1) })
  }
  const visit = (node: Node | null, path: Path): void => {
    if (isMap<Node, Node | null>(node)) {
      for (const { key, value } of node.items) {
        const inner = [...path, isScalar(key) ? String(key.value) : '']
        if (key.range) add(inner, key.range[0])
        visit(value, inner)
      }
    } else if (isSeq<Node>(node)) {
      for (const [index, item] of node.items.entries()) {
        const inner = [...path, index]
        if (item.range) add(inner, itemStart(text, item.range[0]))
        visit(item, inner)
      }
    }
  }
  visit(contents, [])
  return entries
}

/** An item of a list begins with its dash. */
function itemStart(text: string, start: number): number {
  let dash = start - 1
  while (text[dash] === ' ' || text[dash] === '\t') dash -= 1
  return text[dash] === '-' ? dash : start
}

interface LocatedComment extends UserComment {
  readonly isApart: boolean
}

function located({ offset, text, isBehind, column, isApart }: RawComment, entries: readonly Entry[]): LocatedComment {
  const last = entries.findLast(({ start }) => start < offset)
  if (isBehind && last !== undefined) return { path: last.path, position: 'behind', text, isApart }
  const next = entries.find(({ start }) => start > offset)
  // What is indented further than the next key belongs to what stands above it.
  if (next !== undefined && (column <= next.column || last === undefined))
    return { path: next.path, position: 'before', text, isApart }
  const holder = entries.findLast((entry) => entry.start < offset && entry.column <= column)
  return { path: holder?.path ?? [], position: 'after', text, isApart }
}

/** Comments that belong together as one. */
function joined(comments: readonly LocatedComment[]): readonly UserComment[] {
  const groups: UserComment[] = []
  for (const { path, position, text, isApart } of comments) {
    const last = groups.at(-1)
    const isSame =
      last !== undefined && last.position === position && JSON.stringify(last.path) === JSON.stringify(path)
    if (last === undefined || !isSame || position === 'behind') groups.push({ path, position, text })
    else groups[groups.length - 1] = { path, position, text: `${last.text}${isApart ? '\n' : ''}\n${text}` }
  }
  return groups
}
