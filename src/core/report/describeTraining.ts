import type { RunRecord } from '../run/record'
import { formatFigure, formatPercent } from './figures'
import type { ReportSection } from './runReport'
import { selectEvenly } from './selectEvenly'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** A table of more epochs than this is not read. */
const maxEpochs = 10

/** Loss and test accuracy by epoch of every training step; null where nothing was trained. */
export function describeTraining(record: RunRecord, words: Words): ReportSection | null {
  const trained = record.steps.filter(({ epochs }) => epochs.length > 0)
  if (trained.length === 0) return null
  const { columns } = words
  return {
    id: 'training',
    heading: words.sections.training,
    charts: [],
    tables: [
      {
        columns: [
          { label: columns.step, isFigure: false },
          ...[columns.epoch, columns.trainingLoss, columns.accuracy].map((label) => ({
            label,
            isFigure: true,
          })),
        ],
        rows: trained.flatMap((step) =>
          selectEvenly(step.epochs, maxEpochs).map(({ epoch, loss, testAccuracy }) => [
            stepLabel(step, words),
            String(epoch),
            formatFigure(loss),
            formatPercent(testAccuracy),
          ]),
        ),
      },
    ],
    paragraphs: [],
  }
}
