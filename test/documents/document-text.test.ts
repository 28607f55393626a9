import assert from 'node:assert/strict'
import { test } from 'node:test'
import { documentText } from '../../src/documents/document-text.ts'

const file = `# yaml-language-server: $schema=schema.json
kind: SLO # the first
name: a
---
# about b
kind: SLO
note: |
  text
   --- not a boundary
name: b
--- # and the last
kind: SLO
name: c
`

test('gives the document that holds a line, with its comments and without what parts it from others', () => {
  assert.equal(documentText(file, 3), '# yaml-language-server: $schema=schema.json\nkind: SLO # the first\nname: a\n')
  const second = '# about b\nkind: SLO\nnote: |\n  text\n   --- not a boundary\nname: b\n'
  for (const line of [5, 6, 10]) assert.equal(documentText(file, line), second)
  assert.equal(documentText(file, 13), 'kind: SLO\nname: c\n')
})

test('gives a file of one document as a whole, JSON and Windows line ends included', () => {
  assert.equal(documentText('{\r\n  "kind": "SLO"\r\n}', 2), '{\n  "kind": "SLO"\n}\n')
})
