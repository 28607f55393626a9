import { receiverBenches } from '../contract/receiver-benches.ts'
import { aDelivery, aResolve } from './delivery-messages.ts'

// Sends to a far side that fails in every way it knows; the parent looks at what this process printed.
const bench = receiverBenches.find(({ kind }) => kind === process.argv[2])
if (bench === undefined) throw new Error(`no bench for ${process.argv[2]}`)
const undo: (() => unknown)[] = []
const { receiver, unreachable, answer } = await bench.start({ after: (step) => void undo.push(step) })
const signal = new AbortController().signal
const delivery = aDelivery(undefined, { recipient: bench.recipient })
await unreachable.send(delivery, signal)
for (const name of ['take', 'lose', ...bench.answers.keys()]) {
  answer(name)
  await receiver.send(delivery, signal)
  await receiver.send(aDelivery(aResolve(), { recipient: bench.recipient, openReference: 'C1:1.2' }), signal)
}
for (const step of undo) await step()
console.log('done')
