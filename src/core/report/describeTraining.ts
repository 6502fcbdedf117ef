import type { RunRecord, Step } from '../run/record'
import { formatFigure, formatPercent, optionalFigure } from './figures'
import { lossCut } from './lossCut'
import { lossSeries } from './lossSeries'
import type { LossChart, ReportSection, ReportTable } from './runReport'
import { selectEvenly } from './selectEvenly'
import { precisionLabel, stepLabel } from './stepLabel'
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
    columns: headings(columns.step, [columns.epoch, columns.trainingLoss, columns.accuracy]),
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

/** Of one training all that was seen; of several their validation losses beside each other. */
function lossTable(steps: readonly Step[], words: Words): ReportTable {
  const { columns } = words
  const trained = steps.filter(({ validation }) => validation.length > 0)
  const looks = [
    ...new Set(trained.flatMap(({ validation }) => validation.map(({ step }) => step))),
  ]
  const rows = selectEvenly(
    looks.sort((a, b) => a - b),
    maxRows,
  )
  const lossAfter = ({ validation }: Step, step: number) =>
    validation.find((look) => look.step === step)?.loss
  const [first] = trained
  if (first && trained.length === 1) {
    const figures = [columns.trainingLoss, columns.validationLoss, columns.perplexity]
    return {
      columns: headings(columns.optimizerStep, figures),
      rows: rows.map((step) => [
        String(step),
        optionalFigure(first.loss?.[step - 1]),
        optionalFigure(lossAfter(first, step)),
        optionalFigure(Math.exp(lossAfter(first, step)!)),
      ]),
    }
  }
  return {
    columns: headings(columns.lossAfterStep, trained.map(precisionLabel)),
    rows: rows.map((step) => [
      String(step),
      ...trained.map((one) => optionalFigure(lossAfter(one, step))),
    ]),
  }
}

function headings(first: string, figures: readonly string[]): ReportTable['columns'] {
  return [{ label: first, isFigure: false }, ...figures.map((label) => ({ label, isFigure: true }))]
}

function lossChart(steps: readonly Step[], { charts }: Words): LossChart | null {
  const series = lossSeries(steps)
  if (series.length === 0) return null
  const { loss: title, lossSteps, lossStepsCut, lossAxis: yAxis } = charts
  const cut = lossCut(series)
  const xAxis = cut ? lossStepsCut(String(cut.fromStep)) : lossSteps
  return { type: 'loss', title, xAxis, yAxis, topLoss: cut?.topLoss ?? null, series }
}
