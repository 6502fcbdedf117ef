import { describe, expect, it } from 'vitest'
import type { Plan } from '../../../core/plan/plan'
import type { Step } from '../../../core/run/record'
import { createPlan, createStep } from '../../../../test/pageData'
import { planVerdict } from './planVerdict'

const { memory } = createStep()

function planned(
  peakBytes: number,
  verdict: Plan['steps'][number]['verdict'],
  changes?: Partial<Step>,
) {
  const theory = { ...memory.theory!, peakBytes }
  return { verdict, step: createStep({ memory: { ...memory, theory }, ...changes }) }
}

describe('planVerdict', () => {
  it('says that everything fits, and what needs most', () => {
    const plan = createPlan([planned(10, 'fits'), planned(30, 'fits'), planned(20, 'fits')])
    const verdict = planVerdict(plan)
    expect(verdict).toMatchObject({ type: 'fits', runnableCount: 3, count: 3, skippedCount: 0 })
    expect(verdict.largest?.memory.theory?.peakBytes).toBe(30)
  })

  it('gives the worst answer of all steps', () => {
    const close = [planned(1, 'fits'), planned(2, 'tooCloseToCall')]
    expect(planVerdict(createPlan(close))).toMatchObject({ type: 'tooCloseToCall', count: 1 })
    const none = [...close, planned(3, 'doesNotFit'), planned(4, 'doesNotFit')]
    expect(planVerdict(createPlan(none))).toMatchObject({ type: 'doesNotFit', count: 2 })
    expect(planVerdict(createPlan([planned(1, 'fits'), planned(2, null)])).type).toBe(
      'unknownMemory',
    )
  })

  it('counts skipped steps and asks nothing of them', () => {
    const skipped = planned(99, 'doesNotFit', { outcome: 'skipped', reason: 'no bf16 here' })
    expect(planVerdict(createPlan([planned(1, 'fits'), skipped]))).toMatchObject({
      type: 'fits',
      skippedCount: 1,
      largest: { memory: { theory: { peakBytes: 1 } } },
    })
    expect(planVerdict(createPlan([skipped])).type).toBe('nothingToRun')
  })
})
