import { type Covered, CoveredBlocks, KnownBlocks } from './covered-blocks.ts'
import { type Draw, drawing, mutated } from './mutations.ts'

/** What is fuzzed. */
export interface FuzzTarget {
  readonly name: string
  /** Whole inputs to begin with. */
  readonly seeds: readonly Uint8Array[]
  /** Pieces that inputs are made of, which chance alone would not find. */
  readonly words: readonly string[]
  /** Files of which the blocks count. */
  readonly covers: (url: string) => boolean
  /** Makes what takes inputs, anew; it throws when something is wrong. */
  readonly open: () => (input: Uint8Array) => void
}

/** How a run went. */
export interface FuzzRun {
  readonly inputs: number
  /** Bytes of source that were reached. */
  readonly reached: number
  /** Inputs that reached something no other had reached before. */
  readonly corpus: readonly Uint8Array[]
  /** The longest that one input took. */
  readonly slowestMs: number
}

/** An input with which something is wrong. */
export class FuzzFailure extends Error {
  readonly input: Uint8Array

  constructor(target: string, seed: number, input: Uint8Array, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    super(`${target}, seed ${seed}: ${reason}\ninput in hex: ${Buffer.from(input).toString('hex')}`, { cause })
    this.input = input
  }
}

/** Inputs between two looks at what was covered, since a look costs as much as many of them: fewer where much is found. */
const batchMin = 8
const batchMax = 256

/**
 * Gives a target inputs made of earlier ones, and goes on from those that reached blocks which none had reached before. The
 * same seed gives the same inputs. Throws a FuzzFailure with the input when the target does.
 */
export function fuzz(target: FuzzTarget, seed: number, inputsMax: number): FuzzRun {
  const draw = drawing(seed)
  const words = target.words.map((word) => Buffer.from(word, 'latin1'))
  const corpus: Uint8Array[] = []
  const known = new KnownBlocks()
  const covered = new CoveredBlocks(target.covers)
  const run = { inputs: 0, slowestMs: 0 }
  const give = (batch: readonly Uint8Array[]): Covered => {
    const take = target.open()
    covered.begin()
    for (const input of batch) {
      const startedAt = performance.now()
      try {
        take(input)
      } catch (error) {
        throw new FuzzFailure(target.name, seed, input, error)
      }
      run.slowestMs = Math.max(run.slowestMs, performance.now() - startedAt)
    }
    run.inputs += batch.length
    return covered.end()
  }
  /** Goes on from those of a batch that reached something new; answers whether any did. */
  const keep = (batch: readonly Uint8Array[]): boolean => {
    const reached = give(batch)
    if (!known.lacks(reached)) return false
    if (batch.length > 1) {
      const half = Math.ceil(batch.length / 2)
      keep(batch.slice(0, half))
      keep(batch.slice(half))
    } else corpus.push(...batch)
    // What only all of them together reach is known as well.
    known.add(reached)
    return true
  }
  try {
    for (const input of [new Uint8Array(0), ...target.seeds]) keep([input])
    for (let size = batchMin; run.inputs < inputsMax; ) {
      const batch = Array.from({ length: size }, () => mutated(...picked(corpus, draw), words, draw))
      size = keep(batch) ? batchMin : Math.min(batchMax, size * 2)
    }
  } finally {
    covered.close()
  }
  return { ...run, reached: known.size, corpus }
}

/** An input to change and one to take pieces from; younger ones come more often, since they lead further. */
function picked(corpus: readonly Uint8Array[], draw: Draw): [Uint8Array, Uint8Array] {
  const young = () => corpus[corpus.length - 1 - draw(draw(corpus.length) + 1)] ?? new Uint8Array(0)
  return [young(), young()]
}
