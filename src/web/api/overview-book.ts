import type { SloStatus } from '../../ports/slo-status.ts'
import { sloRow } from './slo-row.ts'

/** What changed since somebody last asked, as JSON texts. */
export interface OverviewRows {
  readonly version: string
  readonly isWhole: boolean
  readonly rows: readonly string[]
  readonly gone: readonly string[]
}

/** The share of its time that the engine may spend on telling what it knows. */
const busyShareMax = 0.1

/** Names of SLOs that went are remembered this long, in versions; who was away longer is told everything. */
const goneMax = 1_000

/**
 * The rows of the list with the version at which each last changed, so that a page is sent what changed and not five thousand
 * rows every few seconds. Rows are made anew at most as often as `leastAgeMs`, and ever more seldom where it takes long.
 */
export class OverviewBook {
  readonly #slos: () => readonly SloStatus[]
  readonly #elapsed: () => number
  readonly #leastAgeMs: number
  readonly #rows = new Map<string, { readonly text: string; readonly version: number }>()
  readonly #gone: { readonly name: string; readonly version: number }[] = []
  #names: readonly string[] = []
  #version = 0
  #forgottenUpTo = 0
  #dueAt = Number.NEGATIVE_INFINITY
  /** Tells apart the versions of two processes. */
  #era = ''

  constructor(slos: () => readonly SloStatus[], elapsed: () => number, leastAgeMs: number) {
    this.#slos = slos
    this.#elapsed = elapsed
    this.#leastAgeMs = leastAgeMs
  }

  /** Everything that changed since a version that was told before; all of it where that is not known. */
  since(told: string | null): OverviewRows {
    this.#refresh()
    const [era, number] = (told ?? '').split('.')
    const from = era === this.#era && /^\d{1,15}$/.test(number ?? '') ? Number(number) : 0
    const isWhole = from < 1 || from > this.#version || from < this.#forgottenUpTo
    const version = `${this.#era}.${this.#version}`
    const rows = this.#names.flatMap((name) => {
      const row = this.#rows.get(name)
      return row !== undefined && (isWhole || row.version > from) ? [row.text] : []
    })
    const gone = isWhole ? [] : this.#gone.filter((one) => one.version > from).map(({ name }) => name)
    return { version, isWhole, rows, gone: gone.filter((name) => !this.#rows.has(name)) }
  }

  #refresh(): void {
    const begun = this.#elapsed()
    if (begun < this.#dueAt) return
    if (this.#era === '') this.#era = begun.toString(36)
    const version = this.#version + 1
    let hasChanged = this.#version === 0
    const slos = this.#slos()
    for (const slo of slos) {
      const text = JSON.stringify(sloRow(slo))
      if (this.#rows.get(slo.name)?.text === text) continue
      this.#rows.set(slo.name, { text, version })
      hasChanged = true
    }
    this.#names = slos.map(({ name }) => name)
    hasChanged = this.#forget(new Set(this.#names), version) || hasChanged
    if (hasChanged) this.#version = version
    const ended = this.#elapsed()
    this.#dueAt = ended + Math.max(this.#leastAgeMs, (ended - begun) / busyShareMax)
  }

  #forget(names: ReadonlySet<string>, version: number): boolean {
    const gone = [...this.#rows.keys()].filter((name) => !names.has(name))
    for (const name of gone) {
      this.#rows.delete(name)
      this.#gone.push({ name, version })
    }
    while (this.#gone.length > goneMax) this.#forgottenUpTo = this.#gone.shift()?.version ?? 0
    return gone.length > 0
  }
}
