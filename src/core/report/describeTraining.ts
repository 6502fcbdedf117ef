import type { RunRecord, Step } from '../run/record'
import { formatFigure, formatPercent, optionalFigure } from './figures'
import { lossCut } from './lossCut'
import { lossSeries } from './lossSeries'
import type { LossChart, ReportSection, ReportTable } from './runReport'
import { selectEvenly } from './selectEvenly'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** A table of more rows per step than this is not read. */
const maxRows = 10

/**
 * How every training step learned: on images loss and test accuracy by epoch, on text training and
 * validation loss by optimizer step; null where nothing was trained.
 */
export function describeTraining(record: RunRecord, words: Words): ReportSection | null {
  const tables = [epochTable(record.steps, words), lossTable(record.steps, words)]
  const filled = tables.filter(({ rows }) => rows.length > 0)
  if (filled.length === 0) return null
  const chart = lossChart(record.steps, words)
  return {
    id: 'training',
    heading: words.sections.training,
    charts: chart ? [chart] : [],
    tables: filled,
    paragraphs: record.steps.flatMap((step) => describeSkipped(step, words)),
  }
}

/** Steps that gave nothing, because the scaled loss had no gradients in fp16; nothing where there were none. */
function describeSkipped(step: Step, words: Words): string[] {
  const { lossScaling } = step
  if (lossScaling === null || lossScaling.overflowSteps === 0) return []
  const { overflowSteps, finalScale } = lossScaling
  return [
    words.skippedSteps({
      subject: stepLabel(step, words),
      count: overflowSteps,
      scale: formatFigure(finalScale),
    }),
  ]
}

function epochTable(steps: readonly Step[], words: Words): ReportTable {
  const { columns } = words
  return {
    columns: headings(words, [columns.epoch, columns.trainingLoss, columns.accuracy]),
    rows: steps.flatMap((step) =>
      selectEvenly(step.epochs, maxRows).map(({ epoch, loss, testAccuracy }) => [
        stepLabel(step, words),
        String(epoch),
        formatFigure(loss),
        formatPercent(testAccuracy),
      ]),
    ),
  }
}

function lossTable(steps: readonly Step[], words: Words): ReportTable {
  const { columns } = words
  return {
    columns: headings(words, [
      columns.optimizerStep,
      columns.trainingLoss,
      columns.validationLoss,
      columns.perplexity,
    ]),
    rows: steps.flatMap((step) =>
      selectEvenly(step.validation, maxRows).map((validation) => [
        stepLabel(step, words),
        String(validation.step),
        optionalFigure(step.loss?.[validation.step - 1]),
        formatFigure(validation.loss),
        formatFigure(Math.exp(validation.loss)),
      ]),
    ),
  }
}

function headings({ columns }: Words, figures: readonly string[]): ReportTable['columns'] {
  return [
    { label: columns.step, isFigure: false },
    ...figures.map((label) => ({ label, isFigure: true })),
  ]
}

function lossChart(steps: readonly Step[], { charts }: Words): LossChart | null {
  const series = lossSeries(steps)
  if (series.length === 0) return null
  const { loss: title, lossSteps, lossStepsCut, lossAxis: yAxis } = charts
  const cut = lossCut(series)
  const xAxis = cut ? lossStepsCut(String(cut.fromStep)) : lossSteps
  return { type: 'loss', title, xAxis, yAxis, topLoss: cut?.topLoss ?? null, series }
}
