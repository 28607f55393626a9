import { copyLearned, dispersionWidth } from '../core/evidence/dispersion.ts'
import { learnedCell, learnedCells } from '../core/evidence/dispersion-table.ts'
import { column, rowsTogether, rowWidth } from '../core/evidence/evidence-table.ts'
import { type AlertRecord, isOpen } from '../core/model/alert.ts'
import type { EpochMs } from '../core/model/units.ts'
import { type CheckpointChanges, copied, type MakePart, type Room } from './checkpoint-parts.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { KeptNumbers } from './kept-numbers.ts'
import { pageOpened, pageResolved } from './page-openings.ts'
import type { SloEvidence } from './slo-evidence.ts'

/**
 * The evidence as parts of a checkpoint, of the same moment as the counts: which rows there are, which changes seldom; what
 * stands in them; what was learned of each SLO; and up to when each scope was weighed.
 */
const formatVersion = 2
const namesPart = 'evidence'
const rowsPart = 'evidence-rows'
/** Rows in one part: it is written at once, in some milliseconds. */
const cellsPerPart = 32 * rowsTogether * rowWidth
/** SLOs whose names are in one part. */
const slosPerPage = 1_024
const learnedPart = 'evidence-learned'
const weighedPart = 'evidence-weighed'

/** Numbers per SLO: its block and its dispersion. */
const learnedWidth = 1 + dispersionWidth

/** Which rows an SLO has. */
interface SloNames {
  readonly id: string
  readonly signals: string
  readonly rows: readonly (readonly [scope: string, base: number])[]
}

interface NamesPart {
  readonly version: number
  readonly width: number
  /** How many parts the SLOs are in. */
  readonly pages: number
}

/** Makes the parts; the names only when they changed since they were written. */
export class EvidenceCheckpoint {
  readonly #gates: EvidenceGates
  readonly #cells = new KeptNumbers()
  readonly #learned = new KeptNumbers()
  /** By what number it is learned of each SLO. */
  #numbers: { readonly version: number; readonly list: Int32Array } | undefined
  #namesWritten = -1
  #pagesWritten = 0
  #prepared: { readonly version: number; readonly pages: readonly Uint8Array[] } | undefined

  constructor(gates: EvidenceGates) {
    this.#gates = gates
  }

  /** Makes ahead the parts that take long, a little at a time: they count if nothing of it changes until the others are taken. */
  async prepare(pause: () => Promise<void>): Promise<void> {
    const { namesVersion, table, dispersions } = this.#gates
    await this.#cells.reserve(table.cells.length, pause)
    await this.#learned.reserve(dispersions.cells.length, pause)
    this.#numbersNow()
    await pause()
    if (namesVersion === this.#namesWritten) return
    const pages: Uint8Array[] = []
    for (const page of this.#namesPages()) {
      pages.push(page)
      await pause()
    }
    this.#prepared = { version: namesVersion, pages }
  }

  /** What a checkpoint writes of the evidence, as it stands now. */
  take(): CheckpointChanges {
    const { table, dispersions, weighedAt, namesVersion } = this.#gates
    const parts = new Map([[weighedPart, encoded([...weighedAt])]])
    const later = new Map<string, MakePart>()
    const learned = this.#learned.take(dispersions.cells.length)
    learned.set(dispersions.cells)
    const numbers = this.#numbersNow()
    later.set(learnedPart, (room) => learnedOf(learned, numbers, room))
    const cells = this.#cells.take(table.cells.length)
    cells.set(table.cells)
    for (let page = 0; page === 0 || page * cellsPerPart < cells.length; page++) {
      const own = cells.subarray(page * cellsPerPart, (page + 1) * cellsPerPart)
      later.set(rowsName(page), (room) => copied(own, room))
    }
    const removed = namesVersion === this.#namesWritten ? [] : this.#putNames(parts, later)
    this.#namesWritten = namesVersion
    return { parts, later, removed }
  }

  /** A checkpoint failed: the next one writes the names again. */
  markUnsaved(): void {
    this.#namesWritten = -1
  }

  #numbersNow(): Int32Array {
    const { slos, namesVersion } = this.#gates
    if (this.#numbers?.version !== namesVersion) {
      this.#numbers = { version: namesVersion, list: Int32Array.from(slos.values(), ({ number }) => number) }
    }
    return this.#numbers.list
  }

  /** Answers the names of parts that are needed no more. */
  #putNames(parts: Map<string, Uint8Array>, later: Map<string, MakePart>): readonly string[] {
    const prepared = this.#prepared
    this.#prepared = undefined
    const made = prepared?.version === this.#gates.namesVersion ? prepared.pages : [...this.#namesPages()]
    const pages = made.length
    parts.set(namesPart, encoded({ version: formatVersion, width: rowWidth, pages } satisfies NamesPart))
    for (const [page, bytes] of made.entries()) later.set(namesName(page), () => bytes)
    const removed = Array.from({ length: Math.max(0, this.#pagesWritten - pages) }, (_, index) =>
      namesName(pages + index),
    )
    this.#pagesWritten = pages
    return removed
  }

  /** The names, part by part. One that is asked for later says what there is by then, which is another version of them. */
  *#namesPages(): Iterable<Uint8Array> {
    let page: SloNames[] = []
    for (const [id, { signals, rows }] of this.#gates.slos) {
      page.push({ id, signals, rows: [...rows] })
      if (page.length < slosPerPage) continue
      yield encoded(page)
      page = []
    }
    if (page.length > 0) yield encoded(page)
  }
}

/** What was learned of each SLO, from the cells of the table. */
function learnedOf(cells: Float64Array, numbers: Int32Array, room: Room): Uint8Array {
  const bytes = room(Float64Array.BYTES_PER_ELEMENT * learnedWidth * numbers.length)
  const learned = new Float64Array(bytes.buffer, bytes.byteOffset, learnedWidth * numbers.length)
  for (let index = 0; index < numbers.length; index++) {
    const base = numbers[index] * learnedCells
    learned[index * learnedWidth] = cells[base + learnedCell.block]
    copyLearned(cells, base, learned, index * learnedWidth + 1)
  }
  return bytes
}

/**
 * Puts the evidence of a checkpoint back, and then what is known of alerts beyond it: they are stored with every tick. Evidence
 * of another form is left out, since it piles up anew within minutes.
 */
export function restoreEvidence(
  parts: ReadonlyMap<string, Uint8Array>,
  alerts: readonly AlertRecord[],
  progress: ReadonlyMap<string, EpochMs>,
  counting: Counting,
  gates: EvidenceGates,
): void {
  restoreRows(parts, counting, gates)
  gates.rulesChanged(counting.slos)
  reconcile(alerts, progress, counting, gates)
  gates.commit()
}

function restoreRows(parts: ReadonlyMap<string, Uint8Array>, counting: Counting, gates: EvidenceGates): void {
  const names = namesOf(parts.get(namesPart))
  const rows = rowsIn(parts)
  const learned = floats(parts.get(learnedPart))
  if (names === undefined || names.version !== formatVersion || names.width !== rowWidth) return
  const slos = Array.from({ length: names.pages }, (_, page) => slosIn(parts.get(namesName(page)))).flat()
  const known = slos.map(({ id, signals }, index) => {
    const compiled = counting.findSlo(id)
    if (compiled?.evidence === undefined) return undefined
    const slo = gates.gatesOf(compiled, compiled.evidence, signals)
    slo.dispersion.block = learned[index * learnedWidth]
    slo.dispersion.restore(learned, index * learnedWidth + 1)
    return slo
  })
  gates.table.reserve(slos.reduce((sum, { rows: own }) => sum + own.length, 0))
  // Rows of one scope are weighed one behind the other, and lie so.
  for (const [wanted, places] of placesByScope(slos)) {
    for (const [index, slo] of known.entries()) {
      const from = places[index]
      if (slo === undefined || from === nowhere) continue
      const page = rows[Math.floor(from / cellsPerPart)] ?? noCells
      gates.table.restore(gates.addRow(slo, wanted), page, from % cellsPerPart)
    }
  }
  for (const [scope, at] of weighedOf(parts.get(weighedPart))) gates.restoreWeighedAt(scope, at)
}

/** Where the row of each SLO in each scope began. */
function placesByScope(slos: readonly SloNames[]): ReadonlyMap<string, Int32Array> {
  const scopes = new Map<string, Int32Array>()
  for (const [index, { rows }] of slos.entries()) {
    for (const [scope, base] of rows) {
      const places = scopes.get(scope) ?? new Int32Array(slos.length).fill(nowhere)
      scopes.set(scope, places)
      places[index] = base
    }
  }
  return scopes
}

const nowhere = -1

/** The cells of all rows, part by part. */
function rowsIn(parts: ReadonlyMap<string, Uint8Array>): readonly Float64Array[] {
  const pages = [floats(parts.get(rowsPart))]
  for (let page = 1; parts.has(rowsName(page)); page++) pages.push(floats(parts.get(rowsName(page))))
  return pages
}

const noCells = new Float64Array(0)

function rowsName(page: number): string {
  return page === 0 ? rowsPart : `${rowsPart}/${page}`
}

/** Alerts may have opened and resolved after the checkpoint: what is stored of them holds. */
function reconcile(
  alerts: readonly AlertRecord[],
  progress: ReadonlyMap<string, EpochMs>,
  counting: Counting,
  gates: EvidenceGates,
): void {
  const open = new Map<SloEvidence, Set<string>>()
  for (const { id, state } of alerts) {
    const compiled = counting.slos.get(id.slo)
    if (id.severity !== 'page' || id.cause !== undefined || !isOpen(state)) continue
    if (compiled?.evidence === undefined) continue
    const slo = gates.gatesOf(compiled, compiled.evidence)
    const scopes = open.get(slo) ?? new Set()
    open.set(slo, scopes.add(id.scope))
    const base = slo.rows.get(id.scope) ?? gates.addRow(slo, id.scope)
    if (gates.table.cells[base + column.open] === 1) continue
    pageOpened(gates.weighedOf(compiled.evidence, slo, base), id.scope, state.since)
    gates.table.cells[base + column.level] = state.rule.evidence?.again ?? 0
  }
  for (const [id, slo] of gates.slos) {
    const evidence = counting.slos.get(id)?.evidence
    if (evidence === undefined) continue
    for (const [scope, base] of slo.rows) {
      if (gates.table.cells[base + column.open] === 0 || open.get(slo)?.has(scope) === true) continue
      pageResolved(gates.weighedOf(evidence, slo, base), scope, progress.get(scope) ?? 0)
    }
  }
}

function encoded(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** The parts are our own: their form is guarded by the version and not checked again. */
function namesOf(bytes: Uint8Array | undefined): NamesPart | undefined {
  return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes))
}

function slosIn(bytes: Uint8Array | undefined): readonly SloNames[] {
  return bytes === undefined ? [] : JSON.parse(new TextDecoder().decode(bytes))
}

function namesName(page: number): string {
  return `${namesPart}/${page}`
}

function weighedOf(bytes: Uint8Array | undefined): readonly (readonly [string, EpochMs])[] {
  return bytes === undefined ? [] : JSON.parse(new TextDecoder().decode(bytes))
}

function floats(bytes: Uint8Array | undefined): Float64Array {
  return bytes === undefined ? new Float64Array(0) : new Float64Array(bytes.slice().buffer)
}
