/**
 * P(X ≤ successes) of `trials` draws that each succeed with `probability` (strictly between 0 and 1).
 * Terms are added by their logarithms, so that 0.5^10000 does not vanish.
 */
export function binomialCumulative(successes: number, trials: number, probability: number): number {
  const logOdds = Math.log(probability) - Math.log1p(-probability)
  let logTerm = trials * Math.log1p(-probability)
  let sum = 0
  for (let count = 0; count <= Math.min(successes, trials); count += 1) {
    if (count > 0) logTerm += Math.log((trials - count + 1) / count) + logOdds
    sum += Math.exp(logTerm)
  }
  return Math.min(sum, 1)
}
