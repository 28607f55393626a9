/** The bundle that mathjs publishes beside its modules has no types of its own; only its parser is used. */
declare module 'mathjs/lib/browser/math.js' {
  const math: import('./parse-formula-tree.ts').MathParser
  export default math
}
