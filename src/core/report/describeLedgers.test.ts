import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { compareRuns } from '../compare/compareRuns'
import type { Step } from '../run/record'
import { describeLedgers } from './describeLedgers'
import { reportWords } from './words/reportWords'

const words = reportWords('en')
const base = exampleRun()
const against = (change: (memory: Step['memory']) => Partial<Step['memory']>) => {
  const [first, ...others] = base.steps
  const changed = { ...first!, memory: { ...first!.memory, ...change(first!.memory) } }
  return describeLedgers(compareRuns(base, exampleRun({ steps: [changed, ...others] })), words)
}

it('says that nothing differs between a run and itself', () => {
  const { summary, rows } = against(() => ({}))
  expect(summary).toBe('No line that both runs know differs.')
  expect(rows.some(({ hasChanged }) => hasChanged)).toBe(false)
})

it('leaves out what is 0 in both, and the steps of which nothing is known', () => {
  const { rows } = against(() => ({}))
  expect(rows.map(({ term }) => term)).not.toContain('KV cache')
  expect(rows.map(({ step }) => step)).not.toContain('int8-qat training step')
})

it('names the line that differs most, which is neither a sum nor a sample', () => {
  const { summary, rows } = against(({ theory, measured }) => ({
    theory: {
      ...theory!,
      terms: { ...theory!.terms, activationsBytes: 49_152 + 2048 },
      peakBytes: theory!.peakBytes + 2048,
    },
    measured: { ...measured!, allocatedPeakBytes: measured!.allocatedPeakBytes! + 2048 },
    contextBytes: 2 ** 30,
  }))
  expect(summary).toBe('Largest difference: fp32 inference, activations +2 KiB.')
  const changed = rows.filter(({ hasChanged }) => hasChanged)
  expect(changed.map(({ term, difference }) => `${term} ${difference}`)).toEqual([
    'activations +2 KiB',
    'theory, in all +2 KiB',
    'allocated peak +2 KiB',
  ])
})

it('writes what one of the two does not know as unknown', () => {
  const { rows } = against(() => ({ arenaSlackBytes: 4096 }))
  expect(rows.find(({ term }) => term === 'arena slack')).toMatchObject({
    origin: 'reserved − allocated',
    a: 'unknown',
    b: '4 KiB',
    difference: 'unknown',
  })
})
