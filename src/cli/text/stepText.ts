import { stripVTControlCharacters } from 'node:util'
import { finalTop1, finalValidationLoss } from '../../core/compare/comparePrecisions'
import { formatFigure, formatInterval, formatPercent } from '../../core/report/figures'
import { plainText } from '../../core/report/plainText'
import { stepLabel } from '../../core/report/stepLabel'
import { en } from '../../core/report/words/en'
import type { LiveStep } from '../../core/run/applyRunEvent'
import type { RunRecord, Step } from '../../core/run/record'
import { formatBytes, formatDuration } from '../../core/units'
import type { Output } from '../terminal'

/** Width that the longest label of `record` needs, so that figures stand below each other. */
export function labelWidth({ steps }: RunRecord): number {
  return Math.max(0, ...steps.map((step) => stepLabel(step, en).length))
}

/** A step that has ended in one line: its figures, or why it has none. */
export function endedStepText(step: Step, width: number, { colours }: Output): string {
  const label = stepLabel(step, en).padEnd(width)
  if (step.outcome === 'completed') {
    const figures = [
      latencyText(step),
      throughputText(step),
      peakText(step),
      memoryText(step),
      accuracyText(step),
    ]
    return `${colours.green('✓')} ${label}  ${figures.filter(Boolean).join('   ')}`
  }
  const why = [en.outcome[step.outcome], step.reason].filter(Boolean).join(': ')
  const isExpected = step.outcome === 'skipped' || step.outcome === 'unsupported'
  const mark = isExpected ? colours.dim('–') : colours.red('✗')
  return `${mark} ${label}  ${plainText(why)}`
}

function latencyText({ latencyMs }: Step): string | null {
  return latencyMs && `${formatFigure(latencyMs.median)} ms (${formatInterval(latencyMs)})`
}

function throughputText(step: Step): string | null {
  return rateText(step, step.throughputPerSecond)
}

/** Text is counted in tokens, images one by one. */
function rateText({ sequenceLength }: Step, samplesPerSecond: number | null): string | null {
  if (samplesPerSecond === null) return null
  return sequenceLength === null
    ? `${formatFigure(samplesPerSecond)} samples/s`
    : `${formatFigure(samplesPerSecond * sequenceLength)} tokens/s`
}

/** How much of what the device gave the probe came to use. */
function peakText({ fractionOfPeak }: Step): string | null {
  return fractionOfPeak === null ? null : `${formatFigure(100 * fractionOfPeak)} % of peak`
}

function memoryText({ memory }: Step): string | null {
  const bytes = memory.measured?.allocatedPeakBytes ?? null
  return bytes === null ? null : `${formatBytes(bytes)} allocated`
}

function accuracyText(step: Step): string | null {
  const loss = finalValidationLoss(step)
  if (loss !== null) return `validation loss ${formatFigure(loss)}`
  const top1 = finalTop1(step)
  return top1 === null ? null : `${formatPercent(top1)} % right`
}

/** The loss of the newest step on text, and of the last look at the validation split. */
function lossText({ loss, epochs, validation }: Step): string | null {
  const newest = loss?.at(-1)
  if (epochs.length > 0 || newest === undefined) return null
  const seen = validation.at(-1)
  const validated = seen ? `, validation ${formatFigure(seen.loss)}` : ''
  return `loss ${formatFigure(newest)}${validated}`
}

const barWidth = 24

interface Place {
  /** Of the longest label. */
  readonly width: number
  /** `2/6`. */
  readonly place: string
  /** A line that wraps could not be written over: what does not fit is left out, the last first. */
  readonly columns: number
}

/** What a running step does at the moment: bar, per cent, phase, time left, speed. */
export function runningStepText(
  step: Step,
  live: LiveStep,
  { width, place, columns }: Place,
  { colours }: Output,
): string {
  const filled = Math.round(barWidth * Math.min(1, Math.max(0, live.fraction)))
  const bar = colours.cyan('█'.repeat(filled)) + colours.dim('░'.repeat(barWidth - filled))
  const epoch = step.epochs.at(-1)
  const parts = [
    `${colours.dim(place)} ${stepLabel(step, en).padEnd(width)}`,
    `${bar} ${`${Math.floor(100 * live.fraction)} %`.padStart(5)}`,
    step.phases.at(-1)?.phase,
    live.remainingMs === null ? null : `${formatDuration(live.remainingMs)} left`,
    rateText(step, live.throughputPerSecond),
    lossText(step),
    epoch && `loss ${formatFigure(epoch.loss)}, ${formatPercent(epoch.testAccuracy)} % right`,
  ]
  return parts
    .filter((part) => typeof part === 'string')
    .reduce((line, part) => {
      const longer = `${line}  ${part}`
      return stripVTControlCharacters(longer).length <= columns ? longer : line
    })
}
