import { expect, it } from 'vitest'
import { exampleTextRun, trainedText } from '../../../test/exampleTextRun'
import { latencySamples, plannedStep, runRecord } from '../../../test/runRecords'
import type { Step } from '../run/record'
import { comparePrecisions } from './comparePrecisions'

const measured = (change: Partial<Step>, medianMs: number, top1: number): Step =>
  plannedStep({
    outcome: 'completed',
    latencySamplesMs: latencySamples(medianMs),
    accuracy: {
      dataset: 'digits',
      top1,
      top1Fp32: null,
      agreementWithFp32: null,
      cosineSimilarity: null,
      sqnrDb: null,
      validationLoss: null,
      perplexity: null,
    },
    ...change,
  })
const fp32 = measured({}, 4, 0.98)
const crowded = { engineProcessors: 1.1, otherProcessors: 0.9, logicalProcessors: 2 }

it('gives speed as the median latency of fp32 over that of the precision', () => {
  const { rows } = comparePrecisions(
    runRecord({ steps: [fp32, measured({ precision: 'int8' }, 2, 0.975)] }),
  )
  expect(rows[0]!.speed).toBeNull()
  expect(rows[1]!.speed!.ratio).toBeCloseTo(4 / 2, 6)
  expect(rows[1]!.speedVerdict).toBe('faster')
  expect(rows[1]!.accuracyLossPoints).toBeCloseTo(100 * (0.98 - 0.975), 6)
})

it('calls a precision faster only where the interval excludes 1', () => {
  // ± 2 % of spread around medians 0.1 % apart
  const { verdicts } = comparePrecisions(
    runRecord({ steps: [fp32, measured({ precision: 'fp16' }, 3.996, 0.98)] }),
  )
  expect(verdicts).toMatchObject([{ precision: 'fp16', speedVerdict: 'noDifference' }])
})

it('calls a precision slower where the interval is below 1', () => {
  const { verdicts } = comparePrecisions(
    runRecord({ steps: [fp32, measured({ precision: 'fp16' }, 5, 0.98)] }),
  )
  expect(verdicts).toMatchObject([
    { speedVerdict: 'slower', speed: { ratio: expect.closeTo(0.8) } },
  ])
})

it.each([
  ['the other', fp32, measured({ precision: 'int8', hostLoad: crowded }, 2, 0.975)],
  ['fp32', { ...fp32, hostLoad: crowded }, measured({ precision: 'int8' }, 2, 0.975)],
])('calls none faster where %s had to share the processors', (_, base, other) => {
  const { verdicts, headline } = comparePrecisions(runRecord({ steps: [base, other] }))
  expect(verdicts).toMatchObject([{ speedVerdict: 'crowded', speed: { ratio: expect.closeTo(2) } }])
  expect(headline).toBe(verdicts[0])
})

it('compares training with training, and takes its accuracy from the last epoch', () => {
  const epochs = (testAccuracy: number) => [
    { epoch: 1, loss: 1, testAccuracy: 0.5 },
    { epoch: 2, loss: 0.5, testAccuracy },
  ]
  const train = { mode: 'train', accuracy: null } as const
  const { rows } = comparePrecisions(
    runRecord({
      steps: [
        fp32,
        measured({ ...train, epochs: epochs(0.97) }, 10, 0),
        measured({ ...train, precision: 'fp16', epochs: epochs(0.96) }, 20, 0),
      ],
    }),
  )
  expect(rows[2]!.speed!.ratio).toBeCloseTo(10 / 20, 6)
  expect(rows[2]!.accuracyLossPoints).toBeCloseTo(1, 6)
})

it('compares trainings on text by their validation loss: 2.02 is 1 % above 2', () => {
  const { rows, headline } = comparePrecisions(exampleTextRun())
  expect(rows[0]).toMatchObject({ validationLoss: 2, validationLossExcess: null })
  expect(rows[1]!.validationLossExcess).toBeCloseTo(0.01, 9)
  expect(headline).toMatchObject({ precision: 'fp16', validationLoss: 2.02 })
})

it('compares losses only of trainings that begin with the same weights', () => {
  const steps = [
    trainedText(50, 2),
    trainedText(30, 1.5, { method: 'lora' }),
    trainedText(25, 1.52, { method: 'qlora' }),
    trainedText(28, 1.51, { method: 'qlora-8bit' }),
  ]
  const { rows, headline } = comparePrecisions(exampleTextRun({ steps }))
  // LoRA begins beside weights that full training has yet to find; both of QLoRA are compared with LoRA.
  expect(rows[1]).toMatchObject({ validationLoss: 1.5, validationLossExcess: null })
  expect(rows[1]!.speed!.ratio).toBeCloseTo(50 / 30, 6)
  expect(rows[2]!.validationLossExcess).toBeCloseTo(1.52 / 1.5 - 1, 9)
  expect(rows[3]!.validationLossExcess).toBeCloseTo(1.51 / 1.5 - 1, 9)
  expect(headline).toMatchObject({ method: 'qlora', speedVerdict: 'faster' })
})

it('says first what is fastest among the precisions that keep their accuracy', () => {
  const { headline } = comparePrecisions(
    runRecord({
      steps: [
        fp32,
        measured({ precision: 'fp16' }, 3, 0.98),
        measured({ precision: 'int8' }, 1, 0.9), // 8 points lost
      ],
    }),
  )
  expect(headline).toMatchObject({ precision: 'fp16', speedVerdict: 'faster' })
})

it('compares nothing without a completed fp32 step', () => {
  const { verdicts, headline } = comparePrecisions(
    runRecord({
      steps: [{ ...fp32, outcome: 'crashed' }, measured({ precision: 'int8' }, 1, 0.9)],
    }),
  )
  expect(verdicts).toEqual([])
  expect(headline).toBeNull()
})

it('says first of what keeps its accuracy: faster, no different, the least slow; then the rest', () => {
  const fp16 = measured({ precision: 'fp16' }, 8, 0.98)
  const lossy = measured({ precision: 'int8', int8Mode: 'int8-gemm' }, 2, 0.9)
  const weights = measured({ precision: 'int8', int8Mode: 'int8-weights' }, 5, 0.98)
  const first = (...steps: Step[]) =>
    comparePrecisions(runRecord({ steps: [fp32, ...steps] })).headline
  // 4 ÷ 8 and 4 ÷ 5 of fp32's speed; 4 ÷ 2, but 8 points lost
  expect(first(fp16, lossy, weights)).toMatchObject({ int8Mode: 'int8-weights' })
  expect(first(lossy, fp16)).toMatchObject({ precision: 'fp16' })
  expect(first(lossy)).toMatchObject({ int8Mode: 'int8-gemm' })
})
