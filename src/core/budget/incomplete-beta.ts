/** Precise to some 1e-12, which no quantile here needs. */
const roundsMax = 2_000
const precision = 1e-13
const tiny = 1e-300

/**
 * The regularized incomplete beta function I_x(a, b): the probability that a Beta(a, b) variable is at most x. By the
 * continued fraction of DLMF 8.17.22, evaluated after Lentz.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - lnBeta(a, b))
  // The fraction converges fast below the mean; above it the other tail is computed.
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let result = d
  for (let m = 1; m <= roundsMax; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / nonZero(1 + even * d)
    c = nonZero(1 + even / c)
    result *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / nonZero(1 + odd * d)
    c = nonZero(1 + odd / c)
    const factor = d * c
    result *= factor
    if (Math.abs(factor - 1) < precision) break
  }
  return result
}

function nonZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value
}

function lnBeta(a: number, b: number): number {
  return lnGamma(a) + lnGamma(b) - lnGamma(a + b)
}

/** Coefficients of Lanczos' approximation for g = 7, by Godfrey. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
]

/** The logarithm of the gamma function, above zero. */
function lnGamma(value: number): number {
  if (value < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * value)) - lnGamma(1 - value)
  const x = value - 1
  const t = x + 7.5
  const series = lanczos.slice(1).reduce((sum, coefficient, index) => sum + coefficient / (x + index + 1), lanczos[0])
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(series)
}
