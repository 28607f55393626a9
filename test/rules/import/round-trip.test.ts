import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineCounter, Parser } from 'yaml'
import { convertFiles } from '../../../src/rules/import/convert-files.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import type { RuleFile } from '../../../src/rules/read-documents.ts'
import { withoutPlace } from '../without-place.ts'
import { fixtureFiles, ownFiles, withoutFixtures } from './fixture-files.ts'

test('what is converted declares the same SLOs and policies as what it was made from', async () => {
  for (const file of ownFiles()) await assertSameRules(file)
})

test('so do the examples of the other tools', { skip: withoutFixtures }, async () => {
  const files = (['sloth', 'pyrra', 'openslo'] as const).flatMap(fixtureFiles)
  assert.ok(files.length > 50)
  for (const file of files) await assertSameRules(file)
})

test('what is converted needs no remarks any more, but for those that are about the rules', async () => {
  for (const file of ownFiles()) {
    const { problems } = await parseRules([await converted(file)])
    assert.deepEqual(
      problems.filter(({ code, severity }) => severity === 'error' || code.startsWith('IMPORT_')),
      [],
      file.name,
    )
  }
})

test('every comment of the author is in what is converted, once', async () => {
  const files =
    withoutFixtures === false ? [...ownFiles(), ...fixtureFiles('sloth'), ...fixtureFiles('pyrra')] : ownFiles()
  let comments = 0
  for (const file of files) {
    const { text } = await converted(file)
    if (text === '') continue
    const found = commentsOf(text)
    for (const comment of commentsOf(file.text)) {
      comments += 1
      assert.equal(count(found, comment), count(commentsOf(file.text), comment), `${file.name}: #${comment}`)
    }
  }
  assert.ok(comments >= 10)
})

async function assertSameRules(file: RuleFile): Promise<void> {
  const [before, after] = [await parseRules([file]), await parseRules([await converted(file)])]
  assert.deepEqual(after.slos.map(withoutPlace), before.slos.map(withoutPlace), file.name)
  assert.deepEqual(after.policies, before.policies, file.name)
}

async function converted(file: RuleFile): Promise<RuleFile> {
  const { files } = await convertFiles([file])
  return { name: 'converted.yaml', text: files[0].text }
}

/** The comments of a file in their order, those that say nothing left out. */
function commentsOf(text: string): string[] {
  const comments: string[] = []
  const take = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return
    if ('type' in token && token.type === 'comment' && 'source' in token)
      comments.push(String(token.source).slice(1).trim())
    else for (const part of Object.values(token)) take(part)
  }
  for (const token of new Parser(new LineCounter().addNewLine).parse(text)) take(token)
  return comments.filter((comment) => comment !== '')
}

function count(texts: readonly string[], wanted: string): number {
  return texts.filter((text) => text === wanted).length
}
