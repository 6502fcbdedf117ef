import {
  finalTop1,
  finalValidationLoss,
  type PrecisionComparison,
  type PrecisionVerdict,
} from '../compare/comparePrecisions'
import type { RunRecord, Step } from '../run/record'
import { formatBytes } from '../units'
import {
  formatFactor,
  formatFigure,
  formatInterval,
  formatPercent,
  formatPoints,
  formatSignedPercent,
} from './figures'
import { plainText } from './plainText'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/**
 * One line per precision that was compared, the headline first. Where there is nothing to compare:
 * the figures of what completed, or why nothing did.
 */
export function describeVerdicts(comparison: PrecisionComparison, words: Words): string[] {
  const { headline, verdicts, rows } = comparison
  if (!headline) {
    const alone = rows.flatMap(({ step }) => aloneSentence(step, words) ?? [])
    return alone.length > 0 ? alone : [nothingCompleted(rows, words)]
  }
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

/** What a step came to, where there is none to compare it with; null where it did not complete. */
export function aloneSentence(step: Step, words: Words): string | null {
  const { outcome, latencyMs, tokensPerSecond, throughputPerSecond, memory } = step
  if (outcome !== 'completed' || latencyMs === null) return null
  const rate = tokensPerSecond ?? throughputPerSecond
  const allocated = memory.measured?.allocatedPeakBytes ?? null
  const [loss, top1] = [finalValidationLoss(step), finalTop1(step)]
  const { verdict } = words
  return [
    verdict.takes(
      stepLabel(step, words),
      formatFigure(latencyMs.median),
      formatInterval(latencyMs),
    ),
    ...(rate === null ? [] : [verdict.rate(formatFigure(rate), tokensPerSecond !== null)]),
    ...(allocated === null ? [] : [verdict.allocated(formatBytes(allocated))]),
    ...(loss === null ? [] : [verdict.reachesLoss(formatFigure(loss))]),
    ...(top1 === null ? [] : [verdict.reachesAccuracy(formatPercent(top1))]),
  ].join(verdict.comma)
}

/** The first step that was tried speaks for why. */
function nothingCompleted(rows: PrecisionComparison['rows'], words: Words): string {
  const tried = rows.find(({ step }) => !neverTried.has(step.outcome)) ?? rows[0]
  if (!tried) return words.verdict.nothingCompleted
  const { step } = tried
  const ended = words.comparison.broke(stepLabel(step, words), words.outcome[step.outcome])
  return words.verdict.nothingCompletedBecause(ended)
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
