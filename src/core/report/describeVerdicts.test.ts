import { expect, it } from 'vitest'
import { exampleTextRun, trainedText } from '../../../test/exampleTextRun'
import { plannedStep, runRecord } from '../../../test/runRecords'
import { describeRun } from './describeRun'

it('says what a step came to that has none to be compared with', () => {
  const record = exampleTextRun({ steps: [trainedText(50, 2)] })
  const [verdict, ...others] = describeRun(record, 'en').verdicts
  expect(verdict).toMatch(/^fp32 training step takes 50\.0 ms \(.*\), .* tokens per second, /)
  expect(verdict).toMatch(/, validation loss 2\.00$/)
  expect(others).toEqual([])
})

it('says why no step completed, and leaves those aside that were never tried', () => {
  const record = runRecord({
    steps: [
      plannedStep({ outcome: 'skipped', precision: 'bf16', reason: 'no kernels' }),
      plannedStep({ outcome: 'diverged', mode: 'train' }),
    ],
  })
  expect(describeRun(record, 'en').verdicts).toEqual([
    'No step completed: fp32 training step ended as “diverged”',
  ])
  expect(describeRun(record, 'zh-CN').verdicts).toEqual(['没有一步完成：fp32 训练步以“发散”结束'])
})
