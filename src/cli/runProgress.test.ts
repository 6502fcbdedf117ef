import { expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recordingTerminal'
import { plannedStep, runRecord } from '../../test/runRecords'
import { applyRunEvent, type RunState } from '../core/run/applyRunEvent'
import type { RunEvent } from '../core/run/events'
import { showRunProgress } from './runProgress'

const skipped = plannedStep({ precision: 'int8', outcome: 'skipped', reason: 'not here' })
const progress = (fraction: number): RunEvent => ({
  type: 'progress',
  step: 0,
  fraction,
  remainingMs: 5000,
  throughputPerSecond: 1000,
})
const events: RunEvent[] = [
  { type: 'runStarted', record: runRecord({ steps: [plannedStep(), skipped] }) },
  { type: 'stepStarted', step: 0, tMs: 0 },
  { type: 'phase', step: 0, phase: 'measure', tMs: 10 },
  progress(0.25),
  progress(0.5),
  { type: 'stepEnded', step: 0, tMs: 9000, update: { outcome: 'crashed', reason: 'it fell' } },
  { type: 'runEnded', outcome: 'failed' },
]

/** Shows the events, `stepMs` apart by a clock of its own. */
function play(stepMs: number, options: Parameters<typeof recordingTerminal>[0]): string {
  const { terminal, texts } = recordingTerminal(options)
  let nowMs = 0
  const shown = showRunProgress(terminal.err, () => nowMs)
  let state: RunState | null = null
  for (const event of events) {
    nowMs += stepMs
    state = applyRunEvent(state, event)
    shown.show(event, state)
  }
  return texts.err
}

it('in a log a step has a line when it begins, now and then, and when it ends', () => {
  expect(play(6000, {}).split('\n')).toEqual([
    'digits-mlp, batch 64, profile quick, on Test CPU',
    '– int8 inference  skipped: not here',
    '1/2 fp32 inference …',
    expect.stringMatching(
      /^1\/2 fp32 inference {2}█{6}░{18} +25 % {2}measure {2}5 s left {2}1\u202f?000 samples\/s$/u,
    ),
    '✗ fp32 inference  crashed: it fell',
    '',
  ])
  expect(play(1, {}).split('\n')).toHaveLength(5)
})

it('a bar is written over, at most every 80 ms, and never wraps', () => {
  const screen = play(100, { isInteractive: true, columns: 60 })
  const drawn = screen.split('\r\u001b[2K')
  expect(drawn.filter((text) => text.includes('█'))).toHaveLength(2)
  for (const text of drawn) expect(text.trimEnd().length).toBeLessThan(60)
  expect(play(1, { isInteractive: true }).match(/ 50 %/)).toBeNull()
})
