import { expect, it } from 'vitest'
import { memoryTerms } from '../../../core/estimate/memoryTerms'
import { createStep } from '../../../../test/pageData'
import { explainTerms } from './explainTerms'

const held = memoryTerms({ weightsBytes: 1, optimizerStatesBytes: 2, activationsBytes: 3 })
const theory = {
  terms: held,
  peakBytes: 6,
  peakPhase: 'optimizer',
  phases: [{ phase: 'optimizer', peakBytes: 6, terms: held }],
  reservedPeakBytes: null,
}
const memory = {
  theory,
  measured: null,
  unexplainedBytes: null,
  arenaSlackBytes: null,
  contextBytes: null,
}

it('gives AdamW two fp32 states for every parameter, whatever training computes in', () => {
  const step = createStep({ mode: 'train', precision: 'fp16', optimizer: 'adamw', memory })
  const states = explainTerms(step).find(({ term }) => term === 'optimizerStatesBytes')
  // 2 × 17 226 × 4 B
  expect(states).toMatchObject({ numbers: '2 × 17226 × 4 B', resultBytes: 137_808 })
})

it('stores the weights of int8 inference in one byte each', () => {
  const [weights] = explainTerms(createStep({ precision: 'int8', memory }))
  expect(weights).toMatchObject({ formula: 'N × b', numbers: '17226 × 1 B', resultBytes: 17_226 })
})

it('has no short formula for what the graph adds up', () => {
  const activations = explainTerms(createStep({ memory })).find(
    ({ term }) => term === 'activationsBytes',
  )
  expect(activations).toMatchObject({ bytes: 3, numbers: null })
})

it('leaves out what is never held', () => {
  expect(explainTerms(createStep({ memory })).map(({ term }) => term)).toEqual([
    'weightsBytes',
    'optimizerStatesBytes',
    'activationsBytes',
  ])
})

it('keeps the gradients of training in the list where none is left at a peak', () => {
  const step = createStep({ mode: 'train', optimizer: 'sgd', memory })
  const gradients = explainTerms(step).find(({ term }) => term === 'gradientsBytes')
  expect(gradients).toMatchObject({ bytes: 0, resultBytes: 17_226 * 4 })
})
