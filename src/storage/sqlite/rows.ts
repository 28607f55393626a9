import assert from 'node:assert/strict'
import type { SQLOutputValue } from 'node:sqlite'

/** One row as node:sqlite gives it. A column of another type than asked for is a mistake in our SQL: it throws. */
export type Row = Readonly<Record<string, SQLOutputValue>>

/** The text in a column. */
export function textIn(row: Row, column: string): string {
  const value = row[column]
  assert.ok(typeof value === 'string', `column ${column} holds no text`)
  return value
}

/** The number in a column. */
export function numberIn(row: Row, column: string): number {
  const value = row[column]
  assert.ok(typeof value === 'number', `column ${column} holds no number`)
  return value
}

/** The bytes in a column. */
export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column]
  assert.ok(value instanceof Uint8Array, `column ${column} holds no bytes`)
  return value
}

/** One of a fixed set of words. */
export function wordIn<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const word = words.find((known) => known === row[column])
  assert.ok(word !== undefined, `column ${column} holds an unknown word`)
  return word
}

/** The value of a column that may be NULL, read by one of the functions above. */
export function orNull<Value>(read: (row: Row, column: string) => Value, row: Row, column: string): Value | null {
  return row[column] === null ? null : read(row, column)
}
