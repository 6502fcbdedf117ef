import { stripVTControlCharacters } from 'node:util'
import { finalTop1 } from '../../core/compare/comparePrecisions'
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
    const figures = [latencyText(step), throughputText(step), memoryText(step), accuracyText(step)]
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

function throughputText({ throughputPerSecond }: Step): string | null {
  return throughputPerSecond === null ? null : `${formatFigure(throughputPerSecond)} samples/s`
}

function memoryText({ memory }: Step): string | null {
  const bytes = memory.measured?.allocatedPeakBytes ?? null
  return bytes === null ? null : `${formatBytes(bytes)} allocated`
}

function accuracyText(step: Step): string | null {
  const top1 = finalTop1(step)
  return top1 === null ? null : `${formatPercent(top1)} % right`
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
    live.throughputPerSecond === null
      ? null
      : `${formatFigure(live.throughputPerSecond)} samples/s`,
    epoch && `loss ${formatFigure(epoch.loss)}, ${formatPercent(epoch.testAccuracy)} % right`,
  ]
  return parts
    .filter((part) => typeof part === 'string')
    .reduce((line, part) => {
      const longer = `${line}  ${part}`
      return stripVTControlCharacters(longer).length <= columns ? longer : line
    })
}
