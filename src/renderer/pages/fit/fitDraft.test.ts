import { describe, expect, it } from 'vitest'
import { defaultFitDraft, restoreFitDraft } from './fitDraft'

describe('restoreFitDraft', () => {
  it('brings back what was stored', () => {
    const draft = {
      ...defaultFitDraft,
      model: { type: 'path', path: '/models/mine' },
      method: 'full-amp',
      batchSize: 12,
      view: 'models',
    }
    expect(restoreFitDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft)
  })

  it.each([
    ['nothing', null],
    ['a list', []],
    ['unknown words', { method: 'dora', precision: 'fp7', gpuGroup: 'mine', model: { type: 'x' } }],
    ['numbers out of range', { batchSize: 0, sequenceLength: 2.5, rank: '16', gpuCount: -1 }],
    ['a model without its text', { model: { type: 'config', name: 'config.json' } }],
  ])('takes the defaults for %s', (_what, stored) => {
    expect(restoreFitDraft(stored)).toEqual(defaultFitDraft)
  })
})
