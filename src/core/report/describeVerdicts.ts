import type { PrecisionComparison, PrecisionVerdict } from '../compare/comparePrecisions'
import type { RunRecord } from '../run/record'
import { formatFactor, formatFigure, formatPoints, formatSignedPercent } from './figures'
import { plainText } from './plainText'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** One line per precision that was compared, the headline first. */
export function describeVerdicts(comparison: PrecisionComparison, words: Words): string[] {
  const { headline, verdicts } = comparison
  if (!headline) return [words.verdict.nothingCompared]
  const rest = verdicts.filter((verdict) => verdict !== headline)
  return [headline, ...rest].map((verdict) => verdictSentence(verdict, words))
}

/** `int8-gemm inference is 2.1 × faster than fp32, loses 0.2 points of test accuracy`. */
export function verdictSentence(verdict: PrecisionVerdict, words: Words): string {
  const subject = stepLabel(verdict, words)
  const { ratio } = verdict.speed
  const factor = formatFactor(verdict.speedVerdict === 'slower' ? 1 / ratio : ratio)
  const speed = words.verdict[verdict.speedVerdict](subject, factor)
  return speed + lossClause(verdict, words) + accuracyClause(verdict.accuracyLossPoints, words)
}

function lossClause(
  { validationLoss, validationLossExcess }: PrecisionVerdict,
  words: Words,
): string {
  if (validationLoss === null || validationLossExcess === null) return ''
  return words.verdict.validationLoss(
    formatFigure(validationLoss),
    formatSignedPercent(validationLossExcess),
  )
}

function accuracyClause(lossPoints: number | null, words: Words): string {
  if (lossPoints === null) return ''
  const points = formatPoints(Math.abs(lossPoints))
  if (points === '0') return words.verdict.keeps
  return lossPoints > 0 ? words.verdict.loses(points) : words.verdict.gains(points)
}

/** What forbids taking the figures at face value. */
export function describeWarnings(record: RunRecord, words: Words): string[] {
  const completed = record.steps.filter(({ outcome }) => outcome === 'completed')
  const elsewhere = completed.flatMap((step) => {
    const { requested, actual } = step.executionProvider
    if (actual === null || isSameProvider(requested, actual)) return []
    const [asked, ran] = [plainText(requested), plainText(actual)]
    return [words.verdict.elsewhere(stepLabel(step, words), asked, ran)]
  })
  const wanted = record.steps.filter(({ outcome }) => !neverTried.has(outcome))
  const partial = words.verdict.partial(completed.length, wanted.length)
  return completed.length < wanted.length ? [...elsewhere, partial] : elsewhere
}

/** What could not be run from the start is listed with its reason, and is no reason for a warning. */
const neverTried: ReadonlySet<RunRecord['steps'][number]['outcome']> = new Set([
  'skipped',
  'unsupported',
])

/** `cpu` is what ONNX Runtime's profile calls CPUExecutionProvider. */
function isSameProvider(requested: string, actual: string): boolean {
  const short = (name: string) => name.toLowerCase().replace('executionprovider', '')
  return short(requested) === short(actual)
}
