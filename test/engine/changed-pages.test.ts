import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChangedPages, seriesPerPage } from '../../src/engine/changed-pages.ts'

const three = 2 * seriesPerPage + 1

test('pages of which numbers were given or taken are told once', () => {
  const pages = new ChangedPages()
  pages.note(0)
  pages.note(seriesPerPage - 1)
  pages.note(2 * seriesPerPage)
  assert.deepEqual(pages.take(three), [0, 2])
  assert.deepEqual(pages.take(three), [])
})

test('after a checkpoint that failed all pages are told, and then none', () => {
  const pages = new ChangedPages()
  pages.note(0)
  pages.noteAll()
  assert.deepEqual(pages.take(three), [0, 1, 2])
  assert.deepEqual(pages.take(three), [])
})
