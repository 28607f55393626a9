import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { otlpReceiver } from '../../../src/ingest/otlp/receiver.ts'
import { silentLog } from '../../../src/ports/log.ts'
import { silentMeter } from '../../../src/ports/meter.ts'
import type { SampleSink } from '../../../src/ports/sample-sink.ts'
import { parseRules } from '../../../src/rules/parse-rules.ts'
import { anEngine } from '../../support/engine-world.ts'
import { exportRequests } from '../../support/ingest-otlp-arbitraries.ts'
import { encodeExport } from '../../support/ingest-otlp-messages.ts'
import { plainSource } from '../../support/ingest-otlp-server.ts'
import { RecordingSink } from '../../support/ingest-recording-sink.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** An SLO that wants whatever comes, so that everything is counted. */
const { slos } = await parseRules([
  {
    name: 'rules.yaml',
    text: `apiVersion: sloburn/v1
kind: SLO
metadata: { name: everything }
spec:
  service: shop
  objective: 99
  window: 30d
  indicator:
    ratio:
      bad: '{__name__=~".+",le!="",a!="b"}'
      total: '{__name__=~".+"}'
`,
  },
])

const sinks: Readonly<Record<string, () => SampleSink>> = {
  'the engine': () => anEngine({ slos: slos ?? [] }).sink,
  'a sink that wants some bounds': () =>
    Object.assign(new RecordingSink(), { bounds: [0.3, 1, Number.POSITIVE_INFINITY] }),
}

for (const [name, sink] of Object.entries(sinks)) {
  test(`whatever is sent to ${name}, whole or broken, once or again, ends in an answer`, () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 })
    fc.assert(
      fc.property(fc.array(fc.tuple(exportRequests, changes), { minLength: 1, maxLength: 4 }), (requests) => {
        const inlet = inletOf(sink())
        for (const [request, bytesChanged] of requests) {
          const bytes = encodeExport(request)
          for (const [at, value] of bytesChanged) if (bytes.length > 0) bytes[at % bytes.length] = value
          const first = inlet.takeProtobuf(bytes)
          const again = inlet.takeProtobuf(bytes)
          assert.equal(again.kind, first.kind)
          if (bytesChanged.length === 0) assert.equal(first.kind, 'taken')
        }
      }),
      { numRuns: 150 },
    )
  })
}

function inletOf(sink: SampleSink) {
  const clock = new VirtualClock(1_767_225_600_000)
  const receiver = otlpReceiver({ sources: [plainSource], sink, clock, meter: silentMeter, log: silentLog })
  const inlet = receiver.admit({ source: undefined, authorization: undefined })
  assert.ok('takeProtobuf' in inlet)
  return inlet
}
