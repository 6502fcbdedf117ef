import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../builtInGpus'
import { InputError } from '../errors'
import { findGpu, type GpuSpec } from '../gpus'
import { estimateMemory } from './estimateMemory'
import { fitMatrix } from './fitMatrix'
import { fitMethodId, fitMethodIds, jobOfMethod } from './fitMethods'

const model = { name: 'llama-3.1-8b' }
const shape = { batchSize: 1, sequenceLength: 2048 }
const gpu = (id: string): GpuSpec => findGpu(builtInGpus, id)!

describe('fitMatrix', () => {
  const gpus = ['h100-sxm', 't4', 'rtx-4090'].map(gpu)
  const jobs = fitMethodIds.map((id) => jobOfMethod(id, model, shape))
  const rows = fitMatrix(jobs, gpus)

  it('answers as one estimate per cell would, in the order of the jobs and GPUs', () => {
    rows.forEach((row, at) => {
      row.fits.forEach((fit, column) => {
        const alone = estimateMemory({ ...jobs[at]!, gpu: gpus[column]!.id })
        expect(fit?.verdict).toBe(alone.verdict)
        expect(fit?.headroomBytes).toBe(alone.gpu!.usableBytes - alone.totalPeakBytes)
        expect(fit?.gpu).toBe(gpus[column])
      })
    })
  })

  it('lists methods from the least memory to the most', () => {
    const bytes = rows.map(({ estimate }) => estimate!.totalPeakBytes)
    const infer = bytes.slice(0, 3)
    const train = bytes.slice(3)
    expect(infer).toEqual(infer.toSorted((a, b) => a - b))
    expect(train).toEqual(train.toSorted((a, b) => a - b))
  })

  it('keeps the row of a job that cannot be estimated, with the reason', () => {
    const config = {
      model_type: 'llama',
      hidden_size: 64,
      intermediate_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      vocab_size: 100,
      quantization_config: { quant_method: 'gptq', bits: 4, group_size: 128 },
    }
    const [full, qlora] = fitMatrix(
      (['full', 'qlora'] as const).map((id) => jobOfMethod(id, { config }, shape)),
      gpus,
    )
    expect(full?.error).toBeInstanceOf(InputError)
    expect(full?.error?.message).toContain('stored as gptq')
    expect(full?.fits).toEqual([null, null, null])
    expect(qlora?.estimate).not.toBeNull()
  })

  it('does not judge on a GPU whose memory nobody printed', () => {
    const unknown = {
      ...gpu('t4'),
      memoryMarketedBytes: null,
      memoryTotalBytes: null,
      memoryVisibleBytes: null,
    }
    const [row] = fitMatrix(jobs.slice(0, 1), [unknown, gpu('t4')])
    expect(row?.fits.map((fit) => fit?.verdict ?? null)).toEqual([null, 'fits'])
  })
})

describe('jobOfMethod', () => {
  it('halves the tokens of inference into prompt and answer', () => {
    expect(jobOfMethod('infer', model, { batchSize: 2, sequenceLength: 1001 })).toMatchObject({
      task: 'infer',
      batchSize: 2,
      promptLength: 501,
      generatedLength: 500,
    })
  })

  it('lets what somebody set win over the method', () => {
    const job = jobOfMethod('lora', model, shape, { checkpointing: 'none', optimizer: 'sgd' })
    expect(job).toMatchObject({ checkpointing: 'none', optimizer: 'sgd' })
  })

  it('is refused by name where there is no such method', () => {
    expect(() => fitMethodId('dora', '--method')).toThrow(
      /"dora" is not possible, choose infer-nf4/,
    )
  })
})
