import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../../src/core/builtInGpus'
import { fragmentationOf } from '../../src/core/estimate/fragmentation'
import { coverage, ratiosFor } from './intervalTable'
import { quantile, type Score, scoreRecorded } from './recordedSets'
import { replayStep } from './replayedStep'
import { seededCells } from './seededCells'

const recorded = scoreRecorded()
/** Recorded ÷ predicted. */
const ratio = ({ row, estimate }: Score): number => row.peak.total / estimate.tensorsPeakBytes
const isCheckpointed = ({ row }: Score): boolean => row.job.checkpointing !== 'none'

describe('the 90 % interval of the tensors', () => {
  it('drawn from all families but one holds 85 to 97 % of that one’s steps', () => {
    const families = [...new Set(recorded.map(({ row }) => row.family))]
    let inside = 0
    for (const family of families) {
      for (const checkpointed of [false, true]) {
        const kind = recorded.filter((score) => isCheckpointed(score) === checkpointed)
        const others = kind.filter(({ row }) => row.family !== family).map(ratio)
        const own = kind.filter(({ row }) => row.family === family).map(ratio)
        const [low, high] = [quantile(others, 0.05), quantile(others, 0.95)]
        // Bytes of a few small tensors are below what an interval is for.
        inside += own.filter((each) => low - 1e-4 <= each && each <= high + 1e-4).length
      }
    }
    expect(inside / recorded.length).toBeGreaterThanOrEqual(0.85)
    expect(inside / recorded.length).toBeLessThanOrEqual(0.97)
  })

  it.each([
    'training',
    'checkpointed',
    'unknownModel',
    'inference',
    'quantizedInference',
    'quantizedTraining',
  ] as const)('as stated for %s holds 85 to 97 % of what was scored', (name) => {
    const covered = coverage(ratiosFor(name, recorded), name)
    expect(covered).toBeGreaterThanOrEqual(0.85)
    expect(covered).toBeLessThanOrEqual(0.97)
  })

  it('as stated for latent attention holds all of its eight steps', () => {
    expect(coverage(ratiosFor('latent', recorded), 'latent')).toBe(1)
  })
})

describe('fragmentation', () => {
  const depth = ['num_hidden_layers', 'n_layer', 'num_layers', 'num_decoder_layers', 'n_layers']
  const kinds = new Map<ReturnType<typeof fragmentationOf>, number[]>()
  // Every third step: replaying all of them takes as long as the other tests together.
  for (const { row } of recorded.filter((_, index) => index % 3 === 0)) {
    const config: Record<string, unknown> = { ...row.job.model.config }
    for (const name of depth) if (name in config) config[name] = 24
    const { allocatedPeakBytes, reservedBytes, changingBytes } = replayStep({
      ...row.job,
      model: { config },
    })
    const kind = fragmentationOf(row.job)
    const wasted = (reservedBytes - allocatedPeakBytes) / changingBytes
    kinds.set(kind, [...(kinds.get(kind) ?? []), wasted])
  }

  it('has the median that the allocator’s rules give for each kind of job', () => {
    expect(kinds.size).toBe(4)
    for (const [kind, wasted] of kinds) {
      expect(Math.abs(quantile(wasted, 0.5) - kind.share), kind.source).toBeLessThan(0.06)
    }
  })

  it('stays inside the stated range in 85 to 97 % of the steps', () => {
    const all = [...kinds].flatMap(([{ low, high }, wasted]) =>
      wasted.map((each) => low <= each && each <= high),
    )
    const covered = all.filter(Boolean).length / all.length
    expect(covered).toBeGreaterThanOrEqual(0.85)
    expect(covered).toBeLessThanOrEqual(0.97)
  })
})

describe('the verdict', () => {
  const cells = seededCells(1000, builtInGpus)

  it('is too close to call in at most 15 % of a thousand cells', () => {
    const close = cells.filter(({ verdict }) => verdict === 'tooCloseToCall')
    expect(close.length / cells.length).toBeLessThanOrEqual(0.15)
  })

  it('rests on intervals of at most ±6 % of the tensors and ±12 % of the process, in the median', () => {
    const width = ([low, high]: readonly [number, number], of: number) => (high - low) / 2 / of
    const tensors = cells.map((each) => width(each.tensorsIntervalBytes, each.tensorsPeakBytes))
    const process = cells.map((each) => width(each.intervalBytes, each.totalPeakBytes))
    expect(quantile(tensors, 0.5)).toBeLessThan(0.06)
    expect(quantile(process, 0.5)).toBeLessThan(0.12)
  })
})
