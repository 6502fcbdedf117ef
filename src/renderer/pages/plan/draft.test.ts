import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as workload from '../../../core/plan/workload'
import { resolveWorkload, usualBatchSize } from '../../../core/plan/workloadNetwork'
import * as draft from './draft'

const { checkDraft, defaultDraft, restoreDraft } = draft

describe('the lists of the form', () => {
  it('are those of the contract', () => {
    const { shape } = workload.Workload
    expect(draft.presets).toEqual(shape.preset.unwrap().options)
    expect(draft.modes).toEqual(shape.modes.element.options)
    expect(draft.planPrecisions).toEqual(shape.precisions.element.options)
    expect(draft.providers).toEqual(shape.provider.options)
    expect(draft.optimizers).toEqual(shape.optimizers.element.options)
    expect(draft.methods).toEqual(shape.methods.element.options)
    expect(draft.checkpointings).toEqual(shape.checkpointing.options)
    expect(draft.maxAdapterRank).toBe(shape.adapterRank.maxValue)
    expect(draft.maxAccumulationSteps).toBe(shape.gradientAccumulationSteps.maxValue)
    expect(draft.profiles).toEqual(shape.profile.options)
    expect(draft.maxBatchSize).toBe(shape.batchSize.maxValue)
    expect(draft.maxSequenceLength).toBe(shape.sequenceLength.unwrap().maxValue)
    expect(draft.maxTrainingSteps).toBe(shape.trainingSteps.unwrap().maxValue)
    expect(draft.maxSeed).toBe(shape.seed.maxValue)
  })

  it('begin with the workload that the terminal begins with', () => {
    expect(checkDraft(defaultDraft)).toEqual({ workload: workload.defaultWorkload, problems: {} })
  })
})

it.each(draft.presets)('%s comes with the numbers that the terminal takes', (preset) => {
  const entered = draft.withPreset(defaultDraft, preset)
  const usual = {
    ...workload.defaultWorkload,
    preset,
    batchSize: usualBatchSize({ preset, model: null }),
  }
  expect(checkDraft(entered).workload).toEqual(resolveWorkload(usual))
})

describe('checkDraft', () => {
  it('lets through what the contract lets through, and nothing else', () => {
    const drafts = fc.record({
      ...Object.fromEntries(
        Object.entries(defaultDraft).map(([name, value]) => [name, fc.constant(value)]),
      ),
      modes: fc.subarray([...draft.modes]),
      precisions: fc.subarray([...draft.planPrecisions]),
      batchSize: fc.oneof(fc.integer({ min: -2, max: 1100 }).map(String), fc.string()),
      seed: fc.oneof(fc.integer({ min: -2 }).map(String), fc.string()),
    }) as unknown as fc.Arbitrary<draft.Draft>
    fc.assert(
      fc.property(drafts, (entered) => {
        const checked = checkDraft(entered)
        return checked.workload
          ? workload.Workload.safeParse(checked.workload).success
          : Object.keys(checked.problems).length > 0
      }),
    )
  })

  it.each(['', '0', '1025', '6.4', '-1', 'many', '1e2', 'Infinity'])(
    'says of the batch size %j which values there are',
    (batchSize) => {
      const { workload: none, problems } = checkDraft({ ...defaultDraft, batchSize })
      expect(none).toBeNull()
      expect(problems).toEqual({ batchSize: 'batchSize' })
    },
  )

  it('orders what was ticked', () => {
    const entered = { ...defaultDraft, precisions: ['int8', 'fp32'] as draft.Draft['precisions'] }
    expect(checkDraft(entered).workload?.precisions).toEqual(['fp32', 'int8'])
  })
})

it('asks images neither for methods nor for micro-batches, whatever was entered for text', () => {
  const entered = { ...defaultDraft, methods: [], gradientAccumulationSteps: 'x', adapterRank: '' }
  expect(checkDraft(entered).workload).toMatchObject({
    methods: ['full'],
    gradientAccumulationSteps: 1,
  })
  const text = draft.withPreset({ ...entered, methods: ['qlora'] }, 'gpt-nano')
  expect(checkDraft(text).problems).toEqual({
    adapterRank: 'adapterRank',
    gradientAccumulationSteps: 'gradientAccumulationSteps',
  })
})

describe('restoreDraft', () => {
  it('gives back what was stored', () => {
    const entered = { ...defaultDraft, batchSize: 'half', provider: 'cuda' as const }
    expect(restoreDraft(JSON.parse(JSON.stringify(entered)))).toEqual(entered)
  })

  it('takes the default where it knows no better', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (stored) => {
        const restored = restoreDraft(stored)
        return draft.presets.includes(restored.preset) && typeof restored.seed === 'string'
      }),
    )
    expect(restoreDraft({ preset: 'gone', modes: ['infer', 'gone'] })).toEqual({
      ...defaultDraft,
      modes: ['infer'],
    })
  })
})
