import type { FormulaParser } from '../core/sli/parse-formula.ts'
import type { PromqlResult } from './promql/parse-promql.ts'

/** A language that texts in rule files are written in, and whose parser is loaded only where a file has some. */
export type Language = 'formulas' | 'promql'

/** The parsers that are loaded. */
export interface Languages {
  readonly formulas?: FormulaParser
  readonly promql?: { readonly parsePromql: (source: string) => PromqlResult }
}

/** Loads what is needed; mathjs alone takes 0.1 s of CPU, which a check of plain ratios does not pay. */
export async function loadLanguages(needed: ReadonlySet<Language>): Promise<Languages> {
  const formulas = needed.has('formulas')
    ? await (await import('../core/sli/parse-formula.ts')).loadFormulaParser()
    : undefined
  const promql = needed.has('promql') ? await import('./promql/parse-promql.ts') : undefined
  return { ...(formulas === undefined ? {} : { formulas }), ...(promql === undefined ? {} : { promql }) }
}
