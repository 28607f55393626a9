import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Annotation } from '../../src/core/model/annotation.ts'
import { SilencesAndAnnotations } from '../../src/engine/silences-and-annotations.ts'

const deploy: Annotation = {
  id: 'a',
  kind: 'deploy',
  text: '4f2c1a9',
  service: null,
  region: null,
  at: 1,
  url: null,
  createdBy: 'ci',
}
const withdrawn = { ...deploy, withdrawnBy: 'bob' }

test('an annotation that is taken back stands no more once that is stored, and comes back if it could not be', () => {
  const board = new SilencesAndAnnotations([], [deploy])
  board.draft({ silences: [], annotations: [withdrawn] })
  assert.deepEqual(board.annotations, [])
  assert.deepEqual(board.drafts().annotations, [withdrawn])
  board.dropDrafts()
  assert.deepEqual(board.annotations, [deploy])
  board.draft({ silences: [], annotations: [withdrawn] })
  board.applyDrafts()
  assert.deepEqual(board.annotations, [])
})

test('an annotation that was taken back before a restart does not stand after it', () => {
  assert.deepEqual(new SilencesAndAnnotations([], [withdrawn]).annotations, [])
})
