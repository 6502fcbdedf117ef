import { expect, it } from 'vitest'
import { GiB } from '../../../core/units'
import { estimateMemory } from '../../../core/estimate/estimateMemory'
import { defaultFitDraft } from './fitDraft'
import { gpuColumns, knownGpus } from './fitGpus'
import { fitModels } from './fitModels'
import { jobOfDraft } from './jobOfDraft'
import { matrixTable } from './matrixTable'

it('is the heat map in figures, GPUs across', () => {
  const columns = gpuColumns(knownGpus([]), defaultFitDraft)
  const { resolved } = fitModels.find(({ id }) => id === 'llama-3.1-8b')!
  const row = {
    key: 'lora',
    label: 'LoRA',
    detail: 'bf16 base',
    method: 'lora' as const,
    model: { jobModel: { name: 'llama-3.1-8b' }, resolved },
    isChosen: true,
    isFirst: false,
  }
  const table = matrixTable(defaultFitDraft, [row], columns, 'Headroom in GiB')
  expect(table.columns).toEqual(['Headroom in GiB', ...columns.map(({ spec }) => spec.name)])
  const { totalPeakBytes } = estimateMemory(jobOfDraft(defaultFitDraft, 'lora', row.model.jobModel))
  expect(table.rows[0]).toEqual([
    'LoRA (bf16 base)',
    ...columns.map(({ usableBytes }) => (usableBytes! - totalPeakBytes) / GiB),
  ])
})
