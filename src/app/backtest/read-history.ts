import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { defaultRelabelling } from '../../ingest/relabel/config.ts'
import { normalizingSink } from '../../ingest/relabel/normalizing-sink.ts'
import { SampleWriter } from '../../ingest/sample-writer.ts'
import { seriesAllowance } from '../../ingest/series-allowance.ts'
import type { ExpositionVisitor, LineProblem } from '../../ingest/wire/exposition.ts'
import { expositionLabels } from '../../ingest/wire/exposition-labels.ts'
import { ExpositionStream } from '../../ingest/wire/exposition-stream.ts'
import { silentMeter } from '../../ports/meter.ts'
import type { SampleSink } from '../../ports/sample-sink.ts'
import type { HistorySize } from './backtest-report.ts'

/** Read at once: large enough that the disk and the parser, not the event loop, set the pace. */
const pieceBytes = 1 << 20

/** Who is told while history is read. */
export interface HistoryWatch {
  /** Told of each line that could not be taken. */
  readonly onProblem: (file: string, problem: LineProblem) => void
  /** Told of how many bytes of how many have been read, over all files, as they are on disk. */
  readonly onProgress: (bytes: number, bytesTotal: number) => void
}

/** Reads OpenMetrics files into a log, piece by piece, gzipped ones too. Rejects when a file cannot be read. */
export async function readHistory(
  files: readonly string[],
  log: SampleSink,
  { onProblem, onProgress }: HistoryWatch,
): Promise<HistorySize> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size))
  const bytesTotal = sizes.reduce((a, b) => a + b, 0)
  let bytesRead = 0
  const writer = new SampleWriter({
    origin: { source: 'file', region: undefined },
    sink: normalizingSink(log, defaultRelabelling),
    meter: silentMeter,
    decodeKey: expositionLabels,
    allowance: seriesAllowance(),
  })
  let samples = 0
  for (const file of files) {
    writer.begin(Number.NEGATIVE_INFINITY)
    const stream = new ExpositionStream(
      visitorOf(writer, (problem) => onProblem(file, problem)),
      'openmetrics',
    )
    for await (const piece of piecesOf(file, (bytes) => onProgress((bytesRead += bytes), bytesTotal)))
      stream.write(piece)
    stream.end()
    samples += writer.end().received
  }
  return { samples, series: writer.seriesCount }
}

async function* piecesOf(file: string, onBytes: (bytes: number) => void): AsyncIterable<Uint8Array> {
  const raw = createReadStream(file, { highWaterMark: pieceBytes })
  raw.on('data', (piece) => onBytes(piece.length))
  try {
    yield* file.endsWith('.gz') ? unzipped(raw) : raw
  } catch (error) {
    throw new Error(`${file}: ${reasonOf(error)}`, { cause: error })
  }
}

function unzipped(raw: Readable): AsyncIterable<Uint8Array> {
  const made = createGunzip({ chunkSize: pieceBytes })
  // The error reaches the reader through `made`, which the pipeline destroys with it.
  pipeline(raw, made, () => {})
  return made
}

/** Neither what the system says of a directory nor what the decompressor says of a file names it. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EISDIR') return 'it is a directory; give the files in it'
  const detail = error instanceof Error ? error.message : String(error)
  return code.startsWith('Z_') ? `it is no whole gzip file (${detail})` : detail
}

function visitorOf(writer: SampleWriter, onProblem: (problem: LineProblem) => void): ExpositionVisitor {
  return {
    expected: (bytes, start, end) => writer.expected(bytes, start, end),
    takeExpected: () => writer.takeExpected(),
    series: (bytes, start, end) => writer.series(bytes, start, end),
    sample: (timeMs, value, stale) => writer.sample(timeMs, value, stale),
    problem: onProblem,
  }
}
