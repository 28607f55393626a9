import { Document, isCollection, isMap, isScalar, visit } from 'yaml'

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
