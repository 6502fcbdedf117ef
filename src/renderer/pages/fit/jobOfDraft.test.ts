import { describe, expect, it } from 'vitest'
import { explainEstimate } from '../../../core/estimate/estimateMemory'
import { fitMethodIds } from '../../../core/estimate/fitMethods'
import { defaultFitDraft, type FitDraft } from './fitDraft'
import { fitModels } from './fitModels'
import { chosenMethod, jobOfDraft, methodsOf } from './jobOfDraft'
import { isKnown } from './useTensorName'

const model = { name: 'llama-3.1-8b' }
const job = (draft: Partial<FitDraft>, method = draft.method ?? defaultFitDraft.method) =>
  jobOfDraft({ ...defaultFitDraft, ...draft }, method, model)

describe('jobOfDraft', () => {
  it('says what stands in the form', () => {
    expect(job({ method: 'qlora', rank: 32, batchSize: 4, optimizer: 'adamw-8bit' })).toMatchObject(
      {
        task: 'train',
        method: { type: 'qlora', rank: 32, targets: 'all-linear' },
        quantization: { scheme: 'nf4', doubleQuant: true },
        optimizer: 'adamw-8bit',
        batchSize: 4,
        sequenceLength: 2048,
        checkpointing: 'layer',
      },
    )
  })

  it('takes the sequence for the prompt in inference', () => {
    expect(job({ method: 'infer', sequenceLength: 4000, generatedLength: 100 })).toMatchObject({
      task: 'infer',
      promptLength: 4000,
      generatedLength: 100,
    })
  })

  it('autocasts to the precision, and there is nothing to autocast in fp32', () => {
    expect(job({ method: 'full-amp', precision: 'fp16' })).toMatchObject({ precision: 'amp-fp16' })
    expect(methodsOf({ precision: 'fp32' })).not.toContain('full-amp')
    expect(chosenMethod({ ...defaultFitDraft, method: 'full-amp', precision: 'fp32' })).toBe('full')
  })

  it('shares nothing out over one GPU, and no optimizer states in inference', () => {
    expect(job({ sharding: 'zero3' })).toMatchObject({ gpuCount: 1, sharding: 'none' })
    expect(job({ sharding: 'zero2', gpuCount: 4 })).toMatchObject({ sharding: 'zero2' })
    expect(job({ sharding: 'zero2', gpuCount: 4, method: 'infer' })).toMatchObject({
      sharding: 'none',
    })
  })
})

describe('names of moments and tensors', () => {
  it('has words for all that the estimator says of any model and method', () => {
    const labels = new Set<string>()
    for (const { id } of fitModels)
      for (const method of fitMethodIds) {
        const { timeline, largestTensors } = explainEstimate(
          jobOfDraft(defaultFitDraft, method, { name: id }),
        )
        for (const { label } of [...timeline, ...largestTensors]) labels.add(label)
      }
    expect([...labels].filter((label) => !isKnown(label))).toEqual([])
  })
})
