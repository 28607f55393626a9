import { knownWordsHint } from '../../core/model/did-you-mean.ts'
import { isMapping } from '../../core/model/mapping.ts'
import { describeValue } from '../../documents/describe-value.ts'
import type { Construct, Constructs, ConstructType } from './constructs.ts'
import type { ForeignFormat } from './foreign-format.ts'
import type { ForeignValue } from './foreign-value.ts'
import type { ImportNotes } from './import-notes.ts'

interface ConstructNode {
  construct?: Construct
  readonly children: Map<string, ConstructNode>
  items?: ConstructNode
}

const trees = new WeakMap<Constructs, ConstructNode>()

/**
 * Compares a document of another tool with its format: keys that nobody knows and those of which nothing becomes are
 * named. False when a value is missing, of the wrong type or cannot be used at all, so that nothing can be made of it.
 */
export function checkConstructs(
  root: ForeignValue,
  constructs: Constructs,
  format: ForeignFormat,
  notes: ImportNotes,
): boolean {
  const tree = trees.get(constructs) ?? treeOf(constructs)
  trees.set(constructs, tree)
  return checkNode(root, tree, { format, notes })
}

interface Context {
  readonly format: ForeignFormat
  readonly notes: ImportNotes
}

function treeOf(constructs: Constructs): ConstructNode {
  const root: ConstructNode = { children: new Map() }
  for (const [path, construct] of Object.entries(constructs)) {
    let node = root
    for (const step of path.split('.')) {
      const key = step.replace(/\[\]$/, '')
      const child: ConstructNode = node.children.get(key) ?? { children: new Map() }
      node.children.set(key, child)
      node = key === step ? child : (child.items ??= { children: new Map() })
    }
    node.construct = construct
  }
  return root
}

function checkNode(value: ForeignValue, node: ConstructNode, context: Context): boolean {
  if (value.value === undefined) return true
  const type = typeOf(node)
  if (!isOfType(value.value, type)) {
    const name = nameOf(value)
    const message = `${name} must be ${typeNames[type]}, not ${describeValue(value.value)}`
    context.notes.refuse('WRONG_TYPE', value, message)
    return false
  }
  const { items } = node
  if (items !== undefined)
    return value
      .items()
      .map((item) => checkNode(item, items, context))
      .every(Boolean)
  return node.children.size === 0 || checkKeys(value, node, context)
}

/** What stands above other constructs need not be told to be a mapping or a list. */
function typeOf({ construct, children, items }: ConstructNode): ConstructType {
  return construct?.is ?? (items !== undefined ? 'list' : children.size > 0 ? 'mapping' : 'anything')
}

function checkKeys(value: ForeignValue, { children }: ConstructNode, context: Context): boolean {
  const leftOut = new Map<string, string[]>()
  let isUsable = true
  for (const [key, inner] of value.entries()) {
    const child = children.get(key)
    if (child === undefined) warnOfUnknown(key, inner, [...children.keys()], context)
    else if (inner.value === undefined) continue
    else if (child.construct?.leftOut !== undefined) {
      const { leftOut: reason } = child.construct
      leftOut.set(reason, [...(leftOut.get(reason) ?? []), key])
    } else isUsable = checkNode(inner, child, context) && isUsable
  }
  for (const [reason, keys] of leftOut) warnOfLeftOut(value, keys, reason, context)
  return requiredAreThere(value, children, context) && isUsable
}

function requiredAreThere(
  value: ForeignValue,
  children: ReadonlyMap<string, ConstructNode>,
  { notes }: Context,
): boolean {
  const missing = [...children].filter(
    ([key, { construct }]) => construct?.required === true && value.at(key).value === undefined,
  )
  for (const [key] of missing) notes.refuse('MISSING_KEY', value.at(key), `"${key}" is missing in ${nameOf(value)}`)
  return missing.length === 0
}

function warnOfUnknown(key: string, value: ForeignValue, known: readonly string[], { format, notes }: Context): void {
  const message = `${format} knows no key "${key}" here, so nothing comes of it`
  notes.warn('IMPORT_UNKNOWN_KEY', value.placeOfKey(), message, knownWordsHint(key, known))
}

function warnOfLeftOut(value: ForeignValue, keys: readonly string[], reason: string, { notes }: Context): void {
  const names = keys.map((key) => nameOf(value.at(key)))
  const verb = names.length === 1 ? 'is' : 'are'
  notes.warn('IMPORT_LEFT_OUT', value.at(keys[0]).placeOfKey(), `${names.join(', ')} ${verb} left out: ${reason}`)
}

/** The last key on the way to the value, with what it belongs to. */
export function nameOf({ origin: { path } }: ForeignValue): string {
  const keys = path.filter((step) => typeof step === 'string')
  return keys.length === 0 ? 'the document' : keys.slice(-2).join('.')
}

function isOfType(value: unknown, type: ConstructType): boolean {
  switch (type) {
    case 'text':
      return isScalar(value)
    case 'number':
      return isScalar(value) && Number.isFinite(Number(value)) && value !== ''
    case 'flag':
      return typeof value === 'boolean'
    case 'labels':
      return isMapping(value) && Object.values(value).every((item) => isLabelValue(item))
    case 'texts':
      return Array.isArray(value) && value.every(isScalar)
    case 'mapping':
      return isMapping(value)
    case 'list':
      return Array.isArray(value)
    default:
      return true
  }
}

function isLabelValue(value: unknown): boolean {
  return value === null || isScalar(value) || (Array.isArray(value) && value.every(isScalar))
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

const typeNames: Readonly<Record<ConstructType, string>> = {
  text: 'text',
  number: 'a number',
  flag: 'true or false',
  labels: 'a mapping of labels',
  texts: 'a list of texts',
  mapping: 'a mapping',
  list: 'a list',
  anything: 'anything',
}
