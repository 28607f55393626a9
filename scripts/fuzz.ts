import { mkdirSync, writeFileSync } from 'node:fs'
import { decoderTargets } from '../test/fuzz/decoders.ts'
import { FuzzFailure, fuzz } from '../test/fuzz/guided.ts'

/**
 * `npm run fuzz -- [SECONDS] [WORD]`: fuzzes every decoder, or those whose name has the word in it, with a new seed each round,
 * for a minute each unless told otherwise. An input with which something is wrong is printed and kept in .cache/fuzz.
 */
const [seconds = '60', word = ''] = process.argv.slice(2)
const inputsPerRound = 20_000

for (const target of decoderTargets.filter(({ name }) => name.includes(word))) {
  const endAt = performance.now() + Number(seconds) * 1_000
  const sums = { inputs: 0, reached: 0, slowestMs: 0 }
  let seed = Date.now() % 2 ** 31
  try {
    do {
      const { inputs, reached, slowestMs } = fuzz(target, seed++, inputsPerRound)
      sums.inputs += inputs
      sums.reached = Math.max(sums.reached, reached)
      sums.slowestMs = Math.max(sums.slowestMs, slowestMs)
    } while (performance.now() < endAt)
  } catch (error) {
    if (!(error instanceof FuzzFailure)) throw error
    mkdirSync('.cache/fuzz', { recursive: true })
    const file = `.cache/fuzz/${target.name.replaceAll(/\W+/g, '-')}-${seed - 1}`
    writeFileSync(file, error.input)
    console.error(`${error.message}\nkept in ${file}`)
    process.exitCode = 1
  }
  const { inputs, reached, slowestMs } = sums
  console.log(
    `${target.name}: ${inputs} inputs, ${reached} bytes of source reached, slowest ${slowestMs.toFixed(1)} ms`,
  )
}
