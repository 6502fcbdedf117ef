import { describe, expect, it } from 'vitest'
import { builtInGpus } from '../../../core/builtInGpus'
import type { GpuFit } from '../../../core/estimate/gpuFit'
import { GiB } from '../../../core/units'
import { heatCell, signedGiB } from './heatCell'

const fit = (headroomGiB: number, verdict: GpuFit['verdict']): GpuFit => ({
  gpu: builtInGpus[0]!,
  usableBytes: 20 * GiB,
  headroomBytes: headroomGiB * GiB,
  verdict,
})

describe('heatCell', () => {
  it('shows headroom with its sign, stronger the further from the limit', () => {
    expect(heatCell(fit(2, 'fits'))).toEqual({ text: '+2.0', verdict: 'fits', level: 1 }) // 2 of 20
    expect(heatCell(fit(9, 'fits'))).toMatchObject({ text: '+9.0', level: 2 })
    expect(heatCell(fit(-40, 'doesNotFit'))).toMatchObject({ text: '−40', level: 3 })
  })

  it('marks what is too close to call, and what nobody knows', () => {
    expect(heatCell(fit(0.3, 'tooCloseToCall'))).toMatchObject({ text: '≈+0.3' })
    expect(heatCell(null)).toEqual({ text: '?', verdict: null, level: 1 })
  })
})

describe('signedGiB', () => {
  it.each([
    [0, '+0.0'],
    [9.94, '+9.9'],
    [9.96, '+10'], // never 10.0
    [-0.04, '−0.0'],
    [-1234, '−1234'],
    [-9999.6, '−10k'],
    [-1e9, '−1000000k'],
  ])('writes %d GiB as %s', (gib, text) => {
    expect(signedGiB(gib * GiB)).toBe(text)
  })
})
