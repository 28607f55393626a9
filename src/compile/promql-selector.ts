/** A ruler is asked as Prometheus is. */
export { increaseOf, promqlSelector } from '../core/sli/promql-selector.ts'
