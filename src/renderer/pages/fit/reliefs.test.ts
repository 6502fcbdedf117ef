import { describe, expect, it } from 'vitest'
import { estimateMemory } from '../../../core/estimate/estimateMemory'
import { fitMethodIds } from '../../../core/estimate/fitMethods'
import { defaultFitDraft, type FitDraft } from './fitDraft'
import { jobOfDraft } from './jobOfDraft'
import { applyRelief, kindsOf } from './reliefs'

const model = { name: 'llama-3.2-1b' }
const drafts: readonly FitDraft[] = fitMethodIds.flatMap((method) => [
  {
    ...defaultFitDraft,
    method,
    batchSize: 16,
    sequenceLength: 8192,
    checkpointing: 'none' as const,
  },
  { ...defaultFitDraft, method, attention: 'eager' as const, precision: 'fp32' as const },
])

const estimateOf = (draft: FitDraft, solve: boolean) =>
  estimateMemory({ ...jobOfDraft(draft, draft.method, model), gpu: 't4', solve })

describe('reliefs', () => {
  it.each(drafts.map((draft) => [`${draft.method} in ${draft.precision}`, draft] as const))(
    'has words for each of %s, and applied it saves what it says',
    (_name, draft) => {
      const before = estimateOf(draft, true)
      expect(before.reliefs?.length).toBeGreaterThan(0)
      for (const { changes, savedBytes } of before.reliefs ?? []) {
        expect(kindsOf(changes, draft)).not.toBeNull()
        const applied = applyRelief(draft, changes)
        const after = applied && estimateOf({ ...draft, ...applied }, false)
        const saved = after ? before.totalPeakBytes - after.totalPeakBytes : null
        // The page's adapters do not autocast: there is nothing to try from a draft that does.
        const isAutocast = draft.method === 'full-amp' && draft.precision !== 'fp32'
        const isMixed = isAutocast && 'method' in changes && changes.precision === undefined
        expect(saved).toBe(isMixed ? null : savedBytes)
      }
    },
  )

  it('says every part of a combination, and applies all of them', () => {
    const changes = {
      batchSize: 4,
      gradientAccumulationSteps: 2,
      method: { type: 'qlora', rank: 8 },
      quantization: { scheme: 'nf4' },
      gpuCount: 8,
      sharding: 'zero3',
    }
    expect(kindsOf(changes, defaultFitDraft)).toEqual(['batchSize', 'qlora', 'rank', 'gpuCount'])
    expect(applyRelief(defaultFitDraft, changes)).toEqual({
      batchSize: 4,
      gradientAccumulationSteps: 2,
      method: 'qlora',
      rank: 8,
      gpuCount: 8,
      sharding: 'zero3',
    })
  })

  it('knows no words for a field that the page does not have', () => {
    expect(kindsOf({ offload: 'all' }, defaultFitDraft)).toBeNull()
    expect(applyRelief(defaultFitDraft, { batchSize: 1, offload: 'all' })).toBeNull()
  })
})
