import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { compareRuns } from '../compare/compareRuns'
import type { Step } from '../run/record'
import { describeComparison } from './describeComparison'
import { reportWords } from './words/reportWords'

const words = reportWords('en')
const base = exampleRun()
const changed = (change: (step: Step) => Partial<Step>) =>
  exampleRun({
    steps: base.steps.map((step, i) => (i === 0 ? { ...step, ...change(step) } : step)),
  })
const describeAgainst = (run: typeof base) => describeComparison(compareRuns(base, run), words)

it('says that a run is not significantly different from itself', () => {
  const { verdict, remarks } = describeAgainst(base)
  expect(verdict).toBe('No significant difference between the two runs.')
  expect(remarks).toEqual([])
})

it('says what got worse and by how much, with its interval', () => {
  const { verdict, rows } = describeAgainst(
    changed((step) => ({ latencySamplesMs: step.latencySamplesMs.map((value) => 1.3 * value) })),
  )
  expect(verdict).toMatch(/^The second run is worse: fp32 inference, latency \+30\.\d % \(\+/)
  expect(rows[0]).toMatchObject({ metric: 'latency (ms)', verdict: 'worse' })
})

it('calls nothing worse by times that other programs spoiled, and says so first', () => {
  const hostLoad = { engineProcessors: 1.1, otherProcessors: 0.9, logicalProcessors: 2 }
  const { verdict, rows } = describeAgainst(
    changed((step) => ({
      hostLoad,
      latencySamplesMs: step.latencySamplesMs.map((value) => 1.3 * value),
    })),
  )
  expect(verdict).toMatch(/not every speed can be, as other programs took the processors\.$/)
  expect(rows[0]).toMatchObject({ metric: 'latency (ms)', verdict: 'notCompared' })
  expect(rows[0]!.change).toMatch(/^\+30\.\d % \(/)
})

it('gives accuracy in percentage points', () => {
  const { rows } = describeAgainst(
    changed((step) => ({ accuracy: { ...step.accuracy!, top1: step.accuracy!.top1! - 0.02 } })),
  )
  const accuracy = rows.find(({ metric }) => metric === 'test accuracy (%)')
  expect(accuracy).toMatchObject({ change: '−2 points', verdict: 'worse' })
})

it('names a step that no longer completes', () => {
  const { verdict } = describeAgainst(changed(() => ({ outcome: 'outOfMemory' })))
  expect(verdict).toBe('The second run is worse: fp32 inference ended as “out of memory”.')
})
