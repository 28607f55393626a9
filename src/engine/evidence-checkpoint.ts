import { column, rowWidth } from '../core/evidence/evidence-table.ts'
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
const formatVersion = 1
const namesPart = 'evidence'
const rowsPart = 'evidence-rows'
/** Rows in one part: it is written at once, in some milliseconds. */
const cellsPerPart = 2_048 * rowWidth
/** SLOs whose names are in one part. */
const slosPerPage = 1_024
const learnedPart = 'evidence-learned'
const weighedPart = 'evidence-weighed'

/** Numbers per SLO: its block and its dispersion. */
const learnedWidth = 7

/** Which rows an SLO has. */
interface SloNames {
  readonly id: string
  readonly signals: string
  readonly rows: readonly (readonly [scope: string, base: number])[]
}

interface NamesPart {
  readonly version: number
  readonly width: number
  /** How many parts the SLOs are in; in earlier versions they were all here. */
  readonly pages?: number
  readonly slos?: readonly SloNames[]
}

/** Makes the parts; the names only when they changed since they were written. */
export class EvidenceCheckpoint {
  readonly #gates: EvidenceGates
  readonly #cells = new KeptNumbers()
  #namesWritten = -1
  #pagesWritten = 0

  constructor(gates: EvidenceGates) {
    this.#gates = gates
  }

  /** What a checkpoint writes of the evidence, as it stands now. */
  take(): CheckpointChanges {
    const { slos, table, weighedAt, namesVersion } = this.#gates
    const learned = new Float64Array(slos.size * learnedWidth)
    let place = 0
    for (const { block, dispersion } of slos.values()) {
      learned.set([block, ...dispersion.snapshot()], place)
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
    const slos = [...this.#gates.slos].map(([id, { signals, rows }]) => ({ id, signals, rows: [...rows] }))
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
  const pages = Array.from({ length: names.pages ?? 0 }, (_, page) => slosIn(parts.get(namesName(page))))
  for (const [index, { id, signals, rows: scopes }] of (names.slos ?? pages.flat()).entries()) {
    const { name, group } = readSloId(id)
    const compiled = counting.slos.get(id) ?? counting.findGroup(name, group)
    if (compiled?.evidence === undefined) continue
    const slo = gates.gatesOf(compiled, compiled.evidence, signals)
    const [block, ...dispersion] = learned.subarray(index * learnedWidth, (index + 1) * learnedWidth)
    slo.block = block
    slo.dispersion.restore(dispersion)
    for (const [scope, from] of scopes) {
      const base = gates.addRow(slo, scope)
      gates.table.cells.set(rows(from), base)
    }
  }
  for (const [scope, at] of weighedOf(parts.get(weighedPart))) gates.restoreWeighedAt(scope, at)
}

/** Finds the row that began at a place of the table. Earlier versions wrote all of them into the first part. */
function rowsIn(parts: ReadonlyMap<string, Uint8Array>): (from: number) => Float64Array {
  const pages = [floats(parts.get(rowsPart))]
  for (let page = 1; parts.has(rowsName(page)); page++) pages.push(floats(parts.get(rowsName(page))))
  const perPage = pages[0].length > cellsPerPart ? pages[0].length : cellsPerPart
  return (from) => pages[Math.floor(from / perPage)]?.subarray(from % perPage, (from % perPage) + rowWidth) ?? noCells
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
