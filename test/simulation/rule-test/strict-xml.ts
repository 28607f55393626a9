import assert from 'node:assert/strict'

/** An element of an XML document: enough of it to check a report. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

const token = /<\?xml [^?]*\?>|<\/([a-z]+)>|<([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>|([^<]+)/y
const entity = /&(?:(lt|gt|amp|quot|apos)|#\d+);|&/g
const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Reads XML of elements, attributes and text, and nothing that is not well-formed. */
export function readXml(xml: string): XmlElement {
  // oxlint-disable-next-line no-control-regex -- characters that XML 1.0 does not allow
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  assert.ok(xml.isWellFormed(), 'half of a surrogate pair')
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  token.lastIndex = 0
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex
    const match = token.exec(xml)
    assert.ok(match !== null, `not XML at ${at}: ${xml.slice(at, at + 40)}`)
    const [, closed, opened, attributes = '', isEmpty, text] = match
    const parent = open[open.length - 1]
    if (closed !== undefined) assert.equal(open.pop()?.name, closed)
    else if (text !== undefined) parent.text += unescaped(text)
    else if (opened !== undefined) {
      const element: XmlElement = { name: opened, attributes: attributesOf(attributes), children: [], text: '' }
      parent.children.push(element)
      if (isEmpty !== '/') open.push(element)
    }
  }
  assert.equal(open.length, 1, `not closed: ${open[open.length - 1]?.name}`)
  assert.equal(root.children.length, 1, 'an XML document has one element')
  return root.children[0]
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  )
}

function unescaped(text: string): string {
  return text.replaceAll(entity, (match, name?: string) => {
    assert.notEqual(match, '&', `an & that is no entity: ${text}`)
    return characters[name ?? ''] ?? match
  })
}
