import type { EpochMs } from '../core/model/units.ts'
import { NativeTrail } from './native-trail.ts'

/** Follows native histograms, each by itself; a key stands for one of them. */
export class NativeTrails<Key> {
  readonly #followed = new Map<Key, { readonly trail: NativeTrail; at: EpochMs }>()

  /** The trail of a histogram for the bounds that are asked of it: a new one where others were asked before. */
  of(key: Key, bounds: readonly number[]): NativeTrail {
    return this.#follow(key, bounds).trail
  }

  /** The same for its histogram of a moment; undefined for one that comes late, which stands for itself. */
  inTime(key: Key, bounds: readonly number[], at: EpochMs): NativeTrail | undefined {
    const followed = this.#follow(key, bounds)
    if (!(at > followed.at)) return undefined
    followed.at = at
    return followed.trail
  }

  /** Each goes by another key from now on; undefined forgets it. */
  rename(renamed: (key: Key) => Key | undefined): void {
    const before = [...this.#followed]
    this.#followed.clear()
    for (const [key, followed] of before) {
      const now = renamed(key)
      if (now !== undefined) this.#followed.set(now, followed)
    }
  }

  /** Forgets all of them: their series go by other keys from now on. */
  clear(): void {
    this.#followed.clear()
  }

  #follow(key: Key, bounds: readonly number[]) {
    const known = this.#followed.get(key)
    if (known?.trail.isOf(bounds) === true) return known
    const followed = { trail: new NativeTrail(bounds), at: Number.NEGATIVE_INFINITY }
    this.#followed.set(key, followed)
    return followed
  }
}
