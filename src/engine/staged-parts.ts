import type { Checkpoints } from '../ports/store.ts'
import { type CheckpointChanges, json, newRoom, textOf } from './checkpoint-parts.ts'
import { PartRoom } from './part-room.ts'

/** Parts from this size on are written ahead, where they are many; smaller ones go with the change to the new checkpoint. */
const stagedFromBytes = 16 * 1024
/** Bytes written at once: some ten milliseconds. */
const bytesPerStep = 1024 * 1024
/** Parts removed at once: each may be large, and the room of all of them is gone through. */
const removalsPerStep = 16

const committedPart = 'committed'

/** A checkpoint as it is read: most names at once, and the parts that take long when they are there. */
export interface LoadedParts {
  readonly parts: ReadonlyMap<string, Uint8Array>
  readonly later: Promise<ReadonlyMap<string, Uint8Array>>
}

/**
 * Checkpoints that are written in many small steps and still hold one moment: what is large is written ahead under the
 * number of the checkpoint it belongs to, and counts only once that number is committed. A process that dies on the way
 * leaves the checkpoint before as it was.
 */
export class StagedParts {
  readonly #store: Checkpoints
  readonly #pause: () => Promise<void>
  readonly #room = new PartRoom(bytesPerStep)
  #committed = 0
  #lastNumber = 0
  /** The number of every part that was written ahead. */
  readonly #numbers = new Map<string, number>()
  /** Names in the store that stand for nothing any more: they are gone when the next number is committed, or before. */
  #left: string[] = []

  /** `pause` lets others have their turn. */
  constructor(store: Checkpoints, pause: () => Promise<void>) {
    this.#store = store
    this.#pause = pause
  }

  /** The parts of the last checkpoint; those that come later are being read meanwhile. */
  async load(comesLater: (name: string) => boolean): Promise<LoadedParts> {
    const inForce = await this.#inForce()
    const later = this.#read(inForce.filter(comesLater))
    // It is waited for in time; what else fails before that is told instead.
    later.catch(() => {})
    return { parts: await this.#read(inForce.filter((name) => !comesLater(name))), later }
  }

  /** The names of the parts of the last checkpoint. */
  async #inForce(): Promise<readonly string[]> {
    const committed = (await this.#store.read([committedPart])).get(committedPart)
    this.#committed = committed === undefined ? 0 : Number(JSON.parse(textOf(committed)))
    this.#lastNumber = this.#committed
    const inForce = new Set<string>()
    for (const storedName of await this.#store.names()) {
      const { name, number } = placeOf(storedName)
      if (name === committedPart) continue
      // A number under which anything is left over must not be used again.
      this.#lastNumber = Math.max(this.#lastNumber, number)
      const known = this.#numbers.get(name)
      if (number > this.#committed || (known !== undefined && known > number)) this.#left.push(storedName)
      else {
        if (inForce.has(name)) this.#left.push(nameOf(name, known ?? 0))
        if (number > 0) this.#numbers.set(name, number)
        inForce.add(name)
      }
    }
    return [...inForce]
  }

  async #read(names: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const stored = await this.#store.read(names.map((name) => this.#storedName(name)))
    return new Map(
      names.flatMap((name) => {
        const bytes = stored.get(this.#storedName(name))
        return bytes === undefined ? [] : [[name, bytes] as const]
      }),
    )
  }

  /** Stores what changed since the last checkpoint; rejects when the store does, and that one stays in force. */
  async save({ parts, later, removed }: CheckpointChanges): Promise<void> {
    const number = ++this.#lastNumber
    const small = new Map<string, Uint8Array>()
    const staged = new Set<string>()
    let step = new Map<string, Uint8Array>()
    let bytes = 0
    const room = (length: number) => (length < stagedFromBytes ? newRoom(length) : this.#room.take(length))
    const write = async (): Promise<void> => {
      if (step.size === 0) return
      for (const name of step.keys()) staged.add(name)
      await this.#store.save(new Map([...step].map(([name, part]) => [nameOf(name, number), part])), [])
      step = new Map()
      bytes = 0
      await this.#pause()
    }
    const put = async (name: string, part: Uint8Array): Promise<void> => {
      if (part.length < stagedFromBytes) {
        small.set(name, part)
        return
      }
      step.set(name, part)
      bytes += part.length
      if (bytes >= bytesPerStep) await write()
    }
    try {
      // What was taken took long.
      await this.#pause()
      for (const [name, part] of parts) await put(name, part)
      for (const [name, make] of later) {
        await put(name, make(room))
        // To make one may take as long as to write it.
        await this.#pause()
      }
      if (staged.size > 0) await write()
      else {
        // All that one step takes is written at once, in place of what was there.
        for (const [name, part] of step) small.set(name, part)
        await this.#pause()
      }
      const gone = [...removed, ...small.keys(), ...staged].map((name) => this.#storedName(name))
      // What is large takes long to remove: it is left for afterwards.
      const large = new Set([...staged].flatMap((name) => (this.#numbers.has(name) ? [this.#storedName(name)] : [])))
      const now = gone.filter((name) => !small.has(name) && !large.has(name))
      await this.#store.save(small.set(committedPart, json(number)), [...now, ...this.#left])
      this.#left = [...large]
    } catch (error) {
      for (const name of staged) this.#left.push(nameOf(name, number))
      throw error
    }
    this.#committed = number
    for (const name of removed) this.#numbers.delete(name)
    for (const name of small.keys()) this.#numbers.delete(name)
    for (const name of staged) this.#numbers.set(name, number)
    await this.#tidy()
  }

  /** The name under which a part is stored. */
  #storedName(name: string): string {
    return nameOf(name, this.#numbers.get(name) ?? 0)
  }

  /** Removes what is left over, a little at a time; what cannot be removed now is removed after the next checkpoint. */
  async #tidy(): Promise<void> {
    while (this.#left.length > 0) {
      const names = this.#left.slice(0, removalsPerStep)
      try {
        await this.#store.save(new Map(), names)
      } catch {
        // The checkpoint is stored. Whatever is wrong with the store shows again when it matters.
        return
      }
      this.#left = this.#left.slice(names.length)
      await this.#pause()
    }
  }
}

/** No part has a name that begins like this. */
function nameOf(name: string, number: number): string {
  return number === 0 ? name : `@${number}/${name}`
}

function placeOf(storedName: string): { readonly name: string; readonly number: number } {
  const [, number, name] = /^@(\d+)\/(.*)$/s.exec(storedName) ?? []
  return name === undefined ? { name: storedName, number: 0 } : { name, number: Number(number) }
}
