import { Document, isCollection, isMap, isScalar, isSeq, type Node, visit } from 'yaml'
import type { AlertPolicy, Slo } from '../core/model/slo.ts'
import type { Allowances } from './lint-codes.ts'
import { policyContent } from './print/policy-content.ts'
import { type Content, sloContent, unlessEmpty } from './print/slo-content.ts'

/** A document of a rule file, and what stands in it that rules do not say. */
export type RuleDocument = (
  | { readonly kind: 'SLO'; readonly slo: Slo }
  | { readonly kind: 'AlertPolicy'; readonly policy: AlertPolicy }
) & {
  readonly allow?: Allowances
  /** Comments by JSON pointer of the key that they stand before; the empty pointer is the document itself. */
  readonly comments?: ReadonlyMap<string, string>
}

/**
 * Writes documents as one rule file: reading it gives the same rules again. Keys stand in one order, and what is so by
 * itself is left out; the document of a built-in policy is not needed.
 */
export function printRules(documents: readonly RuleDocument[]): string {
  return documents.map(printDocument).join('---\n')
}

function printDocument(document: RuleDocument): string {
  const yaml = ruleYaml(contentOf(document))
  for (const [pointer, comment] of document.comments ?? []) putComment(yaml, pointer, comment)
  return ruleText(yaml)
}

/** The content of a rule document as YAML, laid out as people write it. */
export function ruleYaml(content: unknown): Document {
  const yaml = new Document(content, { compat: 'yaml-1.1', aliasDuplicateObjects: false })
  makeCompact(yaml)
  return yaml
}

/** A rule document as text. */
export function ruleText(yaml: Document): string {
  return yaml.toString({ lineWidth: 0, singleQuote: true })
}

function contentOf(document: RuleDocument): Content {
  const { name } = document.kind === 'SLO' ? document.slo : document.policy
  const spec = document.kind === 'SLO' ? sloContent(document.slo) : policyContent(document.policy)
  const allow = document.allow === undefined || document.allow.size === 0 ? undefined : document.allow
  return {
    apiVersion: 'sloburn/v1',
    kind: document.kind,
    metadata: { name },
    spec: unlessEmpty({ ...spec, allow: allow === undefined ? undefined : Object.fromEntries(allow) }),
  }
}

/** Lists of plain values, and mappings of plain values within lists, stand in one line, as people write them. */
function makeCompact(yaml: Document): void {
  visit(yaml, {
    Seq: (_, list) => {
      if (list.items.every(isScalar)) list.flow = true
      for (const item of list.items) if (isMap(item) && holdsScalarsOnly(item.items)) item.flow = true
    },
  })
}

function holdsScalarsOnly(pairs: readonly { readonly value: unknown }[]): boolean {
  return pairs.every(({ value }) => !isCollection(value))
}

/** What stands at a path that is not there stands before the document, so that nothing gets lost. */
function putComment(yaml: Document, pointer: string, comment: string): void {
  const text = comment
    .split('\n')
    .map((line) => ` ${line}`)
    .join('\n')
  const target = pointer === '' ? undefined : keyAt(yaml, pointer)
  const before = (there: string | null | undefined): string => (there ? `${there}\n${text}` : text)
  if (target === undefined) yaml.commentBefore = before(yaml.commentBefore)
  else target.commentBefore = before(target.commentBefore)
}

function keyAt(yaml: Document, pointer: string): Node | undefined {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const parent: unknown = yaml.getIn(steps.slice(0, -1), true)
  const last = steps.at(-1) ?? ''
  if (isSeq<Node>(parent)) return parent.items[Number(last)]
  if (!isMap<Node>(parent)) return undefined
  return parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key
}
