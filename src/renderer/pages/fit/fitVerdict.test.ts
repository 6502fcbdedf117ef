import { describe, expect, it } from 'vitest'
import { estimateMemory } from '../../../core/estimate/estimateMemory'
import { findGpu } from '../../../core/gpus'
import { builtInGpus } from '../../../core/builtInGpus'
import { defaultFitDraft } from './fitDraft'
import { fitVerdict, isOpen } from './fitVerdict'
import { jobOfDraft } from './jobOfDraft'

const model = { name: 'llama-3.1-8b' }
const on = (gpu: string, method: 'lora' | 'full' | 'qlora' = 'lora') =>
  estimateMemory({ ...jobOfDraft(defaultFitDraft, method, model), gpu })

describe('fitVerdict', () => {
  it('says how much is to spare, and how much is missing', () => {
    const fits = on('h200')
    expect(fitVerdict(fits)).toEqual({
      type: 'fits',
      bytes: fits.gpu!.usableBytes - fits.totalPeakBytes,
    })
    const misses = on('t4', 'full')
    expect(fitVerdict(misses)).toEqual({
      type: 'doesNotFit',
      bytes: misses.totalPeakBytes - misses.gpu!.usableBytes,
    })
  })

  it('does not decide where the interval holds the limit', () => {
    const estimate = on('t4')
    const gpu = { id: 't4', usableBytes: estimate.totalPeakBytes }
    expect(fitVerdict({ ...estimate, gpu, verdict: 'tooCloseToCall' })).toEqual({
      type: 'tooCloseToCall',
    })
  })

  it('says that a file of weights gives a floor only', () => {
    const weights = {
      architecture: null,
      name: 'm.onnx',
      format: 'onnx' as const,
      elementCount: 8,
      tensorBytes: 32,
      fileBytes: 40,
    }
    const job = { ...jobOfDraft(defaultFitDraft, 'infer', { path: 'm.onnx' }), gpu: 't4' }
    expect(fitVerdict(estimateMemory(job, { model: weights }))).toMatchObject({ type: 'floorOnly' })
  })

  it('knows the end of an interval, however far away', () => {
    const draft = { ...defaultFitDraft, batchSize: 2 ** 20, sequenceLength: 2 ** 24 }
    const { intervalBytes } = estimateMemory(jobOfDraft(draft, 'infer', model))
    expect(intervalBytes[1]).toBeGreaterThan(Number.MAX_SAFE_INTEGER / 4)
    expect(isOpen(intervalBytes)).toBe(false)
    expect(isOpen([0, Number.MAX_SAFE_INTEGER])).toBe(true)
  })

  it('gives no verdict on a GPU whose memory nobody reports', () => {
    const unknown = {
      ...findGpu(builtInGpus, 't4')!,
      memoryMarketedBytes: null,
      memoryTotalBytes: null,
      memoryVisibleBytes: null,
    }
    const job = { ...jobOfDraft(defaultFitDraft, 'lora', model), gpu: 't4' }
    expect(fitVerdict(estimateMemory(job, { gpus: [unknown] }))).toEqual({ type: 'unknownMemory' })
  })
})
