import {
  type ReceiverConfig,
  type ReceiverDocument,
  receiverConfig,
  receiverSchema,
} from '../../delivery/receivers/config.ts'
import { shapeCheck } from '../check-shape.ts'
import { partReading, type Reading } from '../part-reading.ts'
import { readNamedList } from './named-list.ts'

const hasReceiverShape = shapeCheck<ReceiverDocument>(receiverSchema)

/** Every entry of `receivers:` that is sound. */
export function readReceivers(value: unknown, reading: Reading): readonly ReceiverConfig[] {
  return readNamedList(value, '/receivers', reading, (entry, pointer) =>
    hasReceiverShape(entry, pointer, reading.problems)
      ? receiverConfig(entry, partReading(pointer, reading))
      : undefined,
  )
}
