import { type Document, isMap, isScalar, isSeq, type Node } from 'yaml'
import type { Path, SourceDocument } from '../../documents/source-document.ts'
import { ruleText, ruleYaml } from '../rule-yaml.ts'
import { type Carried, plainValue } from './carried.ts'
import type { UserComment } from './user-comments.ts'

/** Comments of a document that native ones were made from. */
export interface CommentedDocument {
  readonly document: SourceDocument
  readonly comments: readonly UserComment[]
}

/** Writes the native documents that were made from a file, with the comments of its author where they were. */
export function printMade(roots: readonly Carried[], sources: readonly CommentedDocument[]): string {
  const documents = roots.map((root) => ruleYaml(plainValue(root)))
  const images = roots.flatMap((root, index) => imagesOf(root, documents[index]))
  for (const { document, comments } of sources) {
    for (const comment of comments) putComment(comment, imageOf(comment, document, images), documents)
  }
  return documents.map(ruleText).join('---\n')
}

/** Where in the native documents stands what was made from something. */
interface Image {
  readonly source: SourceDocument
  readonly from: Path
  readonly yaml: Document
  readonly path: Path
}

function imagesOf(root: Carried, yaml: Document): Image[] {
  const images: Image[] = []
  const visit = ({ content, origin }: Carried, path: Path): void => {
    images.push({ source: origin.document, from: origin.path, yaml, path })
    if (content instanceof Map) for (const [key, value] of content) visit(value, [...path, key])
    else if (Array.isArray(content)) content.forEach((item: Carried, index) => visit(item, [...path, index]))
  }
  visit(root, [])
  return images
}

interface Found {
  readonly image: Image
  readonly isExact: boolean
}

/** What was made from the value, else from a part of it, else from what is around it. */
function imageOf({ path, position }: UserComment, source: SourceDocument, images: readonly Image[]): Found | undefined {
  const own = images.filter((image) => image.source === source)
  for (let length = path.length; length >= 0; length -= 1) {
    const parts = own.filter(({ from }) => beginsWith(from, path.slice(0, length)))
    const exact = parts.find(({ from }) => from.length === length)
    const image = position === 'after' ? lastWhole(parts) : (exact ?? parts.at(0))
    if (image !== undefined) return { image, isExact: image === exact && length === path.length }
  }
  return undefined
}

/** The last of those that are part of no other. */
function lastWhole(images: readonly Image[]): Image | undefined {
  const depth = Math.min(...images.map(({ path }) => path.length))
  return images.findLast(({ path }) => path.length === depth)
}

function beginsWith(path: Path, beginning: Path): boolean {
  return beginning.every((step, index) => path[index] === step)
}

/** A comment on something of which nothing was made stands at the top, so that it is not lost. */
function putComment(comment: UserComment, found: Found | undefined, documents: readonly Document[]): void {
  if (found === undefined) {
    if (documents.length > 0) documents[0].commentBefore = added(documents[0].commentBefore, comment.text)
    return
  }
  const { yaml, path } = found.image
  const node = nodeAt(yaml, path)
  const key = keyAt(yaml, path)
  if (comment.position === 'behind' && found.isExact && isScalar(node)) node.comment = comment.text
  else if (comment.position === 'after') putAfter(yaml, path, comment.text)
  else if (key !== undefined) key.commentBefore = added(key.commentBefore, comment.text)
}

/** Below the mapping or list that holds the value. */
function putAfter(yaml: Document, path: Path, text: string): void {
  const holder = nodeAt(yaml, path.slice(0, -1))
  if (path.length === 0 || holder === undefined) yaml.comment = added(yaml.comment, text)
  else holder.comment = added(holder.comment, text)
}

function added(there: string | null | undefined, text: string): string {
  return there === null || there === undefined || there === '' ? text : `${there}\n\n${text}`
}

function nodeAt(yaml: Document, path: Path): Node | undefined {
  const node: unknown = path.length === 0 ? yaml.contents : yaml.getIn(path, true)
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined
}

/** What a comment above a value is written above: its key, or the item of a list; of a document the first key. */
function keyAt(yaml: Document, path: Path): Node | undefined {
  const parent = nodeAt(yaml, path.slice(0, -1))
  const last = path.at(-1)
  if (isSeq<Node>(parent)) return parent.items[Number(last)]
  if (!isMap<Node>(parent)) return undefined
  return (last === undefined ? parent.items.at(0) : parent.items.find(({ key }) => isScalar(key) && key.value === last))
    ?.key
}
