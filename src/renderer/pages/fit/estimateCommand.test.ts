import { describe, expect, it } from 'vitest'
import { readJobFlags, withImpliedTypes } from '../../../cli/jobOptions'
import { fitMethodIds } from '../../../core/estimate/fitMethods'
import { parseJob } from '../../../core/estimate/job'
import { defaultFitDraft, type FitDraft } from './fitDraft'
import { estimateCommand } from './estimateCommand'
import { jobOfDraft } from './jobOfDraft'

const command = (changes: Partial<FitDraft>, model = 'llama-3.1-8b', gpu: string | null = 't4') => {
  const draft = { ...defaultFitDraft, ...changes }
  return estimateCommand({ ...jobOfDraft(draft, draft.method, { name: model }), gpu }, model)
}

describe('estimateCommand', () => {
  it('asks in a terminal what the page was asked', () => {
    expect(command({})).toBe(
      'headroom estimate --model llama-3.1-8b --task train --method lora --rank 16 --precision bf16 --batch 1 --sequence-length 2048 --checkpointing layer --gpu t4 --solve --explain',
    )
    expect(
      command({ method: 'infer-nf4', kvPrecision: 'int8', gpuCount: 2, sharding: 'pipeline' }),
    ).toBe(
      'headroom estimate --model llama-3.1-8b --task infer --quantization nf4 --bits 4 --double-quant --precision bf16 --batch 1 --prompt-length 2048 --generate 512 --kv-precision int8 --gpus 2 --sharding pipeline --gpu t4 --solve --explain',
    )
  })

  it('leaves out a GPU that only this machine knows', () => {
    expect(command({}, 'llama-3.1-8b', null)).not.toContain('--gpu ')
  })

  it('quotes a path as a shell needs it', () => {
    expect(command({}, "/models/it's mine/config.json")).toContain(
      String.raw`--model '/models/it'\''s mine/config.json' `,
    )
  })
})

describe('the terminal', () => {
  it.each(
    fitMethodIds.flatMap((method) => [
      { method },
      {
        method,
        precision: 'fp16' as const,
        batchSize: 8,
        optimizer: 'lion' as const,
        checkpointing: 'offload' as const,
        attention: 'eager' as const,
        loss: 'chunked' as const,
        gradientAccumulationSteps: 4,
        rank: 64,
        kvPrecision: 'int4' as const,
        gpuCount: 8,
        sharding: 'zero3' as const,
      },
    ]),
  )('reads the job back that the page asked about: %o', (changes) => {
    const draft = { ...defaultFitDraft, ...changes }
    const job = jobOfDraft(draft, draft.method, { name: 'llama-3.1-8b' })
    const options = optionsOf(estimateCommand(job, 'llama-3.1-8b'))
    const fields = withImpliedTypes(readJobFlags(options, job.task))
    const { precision } = options
    expect(parseJob({ ...fields, precision, task: job.task, model: job.model })).toEqual(job)
  })
})

/** `--batch 8 --double-quant` as commander gives it: `{ batch: '8', doubleQuant: true }`. */
function optionsOf(text: string): Readonly<Record<string, unknown>> {
  const pairs = text.split(' --').slice(1)
  return Object.fromEntries(
    pairs.map((pair) => {
      const [flag = '', value = true] = pair.split(' ')
      return [flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase()), value]
    }),
  )
}
