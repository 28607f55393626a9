import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { PartRoom } from '../../src/engine/part-room.ts'
import { holdsForAll } from '../support/engine-properties.ts'

test('parts that wait for one write together never share memory, and begin where any number may', () => {
  holdsForAll(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 60 }), (lengths) => {
      const perWrite = 4_000
      const room = new PartRoom(perWrite)
      let waiting: Uint8Array[] = []
      let bytes = 0
      for (const [index, length] of lengths.entries()) {
        const part = room.take(length).fill(index)
        assert.equal(part.byteOffset % 8, 0)
        waiting.push(part)
        bytes += length
        for (const [place, each] of waiting.entries()) {
          const mark = index - waiting.length + 1 + place
          assert.ok(each.every((value) => value === mark))
        }
        if (bytes < perWrite) continue
        waiting = []
        bytes = 0
      }
    }),
    200,
  )
})
