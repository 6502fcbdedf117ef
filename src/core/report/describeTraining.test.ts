import { expect, it } from 'vitest'
import { exampleTextRun, trainedText } from '../../../test/exampleTextRun'
import { describeTraining } from './describeTraining'
import { reportWords } from './words/reportWords'

const tableOf = (record: ReturnType<typeof exampleTextRun>) =>
  describeTraining(record, reportWords('en'))!.tables[0]!

it('sets the validation losses of several trainings beside each other, step by step', () => {
  const full = trainedText(50, 2)
  const broken = {
    ...trainedText(60, 2.1, { method: 'lora' }),
    validation: [{ step: 0, loss: 1.6 }],
  }
  const { columns, rows } = tableOf(exampleTextRun({ steps: [full, broken] }))
  expect(columns.map(({ label }) => label)).toEqual([
    'Validation loss after step',
    'fp32',
    'fp32 lora',
  ])
  expect(rows.map(([step]) => step)).toEqual(full.validation.map(({ step }) => String(step)))
  expect(rows[0]).toEqual(['0', full.validation[0]!.loss.toPrecision(3), '1.60'])
  expect(rows.at(-1)![2]).toBe('—') // nobody looked there
})

it('gives of one training its own loss and its perplexity, too', () => {
  const { columns, rows } = tableOf(exampleTextRun({ steps: [trainedText(50, 2)] }))
  expect(columns.map(({ label }) => label)).toEqual([
    'Optimizer step',
    'Loss',
    'Validation loss',
    'Perplexity',
  ])
  expect(rows.at(-1)!.slice(2)).toEqual(['2.00', '7.39']) // e² = 7.389
})
