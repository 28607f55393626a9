import assert from 'node:assert/strict'
import { test } from 'node:test'
import { userComments } from '../../../src/rules/import/user-comments.ts'

/** Comments as `path position: text`. */
function commentsOf(text: string): string[] {
  return userComments({ name: 'a.yaml', text }).flatMap(({ comments }) =>
    comments.map(({ path, position, text: comment }) => `${path.join('/')} ${position}:${comment}`),
  )
}

test('a comment on lines of its own belongs to the key or the item below', () => {
  assert.deepEqual(commentsOf('# one\na: 1\n# two\nb:\n  # three\n  - c\n  # four\n  - d: 1\n'), [
    'a before: one',
    'b before: two',
    'b/0 before: three',
    'b/1 before: four',
  ])
})

test('a comment behind a value belongs to it', () => {
  assert.deepEqual(commentsOf('a: 1 # one\nb: # two\n  c: "#" # three\n'), [
    'a behind: one',
    'b behind: two',
    'b/c behind: three',
  ])
})

test('a comment that is indented further than the next key belongs to what is above it', () => {
  assert.deepEqual(commentsOf('a:\n  b: 1\n  # end of a\nc: 1\n# end of all\n'), [
    'a/b after: end of a',
    'c after: end of all',
  ])
})

test('lines that follow one another are one comment, an empty line between them is kept', () => {
  assert.deepEqual(commentsOf('# one\n#\n# two\n\n# three\na: 1\n'), ['a before: one\n \n two\n\n three'])
})

test('comments of several documents stay apart', () => {
  assert.deepEqual(
    userComments({ name: 'a.yaml', text: '# one\na: 1\n---\n# two\nb: 1\n' }).map(({ line, comments }) => [
      line,
      comments.length,
    ]),
    [
      [2, 1],
      [5, 1],
    ],
  )
})

test('what looks like a comment inside of a text is none', () => {
  assert.deepEqual(commentsOf('a: |\n  # text\nb: "x # y"\n'), [])
})
