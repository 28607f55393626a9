import { dispersionWidth } from '../core/evidence/dispersion.ts'
import { column, rowsTogether, rowWidth } from '../core/evidence/evidence-table.ts'
import { type AlertRecord, isOpen } from '../core/model/alert.ts'
import { readSloId } from '../core/model/slo-id.ts'
import type { EpochMs } from '../core/model/units.ts'
import { type CheckpointChanges, copied, type MakePart } from './checkpoint-parts.ts'
import type { Counting } from './counting.ts'
import type { EvidenceGates } from './evidence-gates.ts'
import { KeptNumbers } from './kept-numbers.ts'
import { pageOpened, pageResolved } from './page-memory.ts'
import type { SloGates } from './weighed.ts'

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
  #namesWritten = -1
  #pagesWritten = 0
  #prepared: { readonly version: number; readonly slos: readonly SloNames[] } | undefined

  constructor(gates: EvidenceGates) {
    this.#gates = gates
  }

  /** Lists ahead what takes long to list: it counts if nothing of it changes until the parts are taken. */
  prepare(): void {
    const { namesVersion, table } = this.#gates
    this.#cells.take(table.cells.length)
    if (namesVersion !== this.#namesWritten) this.#prepared = { version: namesVersion, slos: this.#listed() }
  }

  /** What a checkpoint writes of the evidence, as it stands now. */
  take(): CheckpointChanges {
    const { slos, table, weighedAt, namesVersion } = this.#gates
    const learned = new Float64Array(slos.size * learnedWidth)
    let place = 0
    for (const { dispersion } of slos.values()) {
      learned[place] = dispersion.block
      dispersion.copyTo(learned, place + 1)
      place += learnedWidth
    }
    const parts = new Map([
      [learnedPart, new Uint8Array(learned.buffer)],
      [weighedPart, encoded([...weighedAt])],
    ])
    const later = new Map<string, MakePart>()
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

  /** Answers the names of parts that are needed no more. */
  #putNames(parts: Map<string, Uint8Array>, later: Map<string, MakePart>): readonly string[] {
    const prepared = this.#prepared
    this.#prepared = undefined
    const slos = prepared?.version === this.#gates.namesVersion ? prepared.slos : this.#listed()
    const pages = Math.ceil(slos.length / slosPerPage)
    parts.set(namesPart, encoded({ version: formatVersion, width: rowWidth, pages } satisfies NamesPart))
    for (let page = 0; page < pages; page++) {
      const own: readonly SloNames[] = slos.slice(page * slosPerPage, (page + 1) * slosPerPage)
      later.set(namesName(page), () => encoded(own))
    }
    const removed = Array.from({ length: Math.max(0, this.#pagesWritten - pages) }, (_, index) =>
      namesName(pages + index),
    )
    this.#pagesWritten = pages
    return removed
  }

  #listed(): readonly SloNames[] {
    return [...this.#gates.slos].map(([id, { signals, rows }]) => ({ id, signals, rows: [...rows] }))
  }
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
    const { name, group } = readSloId(id)
    const compiled = counting.slos.get(id) ?? counting.findGroup(name, group)
    if (compiled?.evidence === undefined) return undefined
    const slo = gates.gatesOf(compiled, compiled.evidence, signals)
    slo.dispersion.block = learned[index * learnedWidth]
    slo.dispersion.restore(learned, index * learnedWidth + 1)
    return slo
  })
  // Rows of one scope are weighed one behind the other, and lie so.
  for (const wanted of new Set(slos.flatMap(({ rows: own }) => own.map(([scope]) => scope)))) {
    for (const [index, slo] of known.entries()) {
      const from = slos[index].rows.find(([scope]) => scope === wanted)?.[1]
      if (slo === undefined || from === undefined) continue
      const page = rows[Math.floor(from / cellsPerPart)] ?? noCells
      gates.table.restore(gates.addRow(slo, wanted), page, from % cellsPerPart)
    }
  }
  for (const [scope, at] of weighedOf(parts.get(weighedPart))) gates.restoreWeighedAt(scope, at)
}

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
  const open = new Map<SloGates, Set<string>>()
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
