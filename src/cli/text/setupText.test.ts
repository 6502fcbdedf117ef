import { describe, expect, it } from 'vitest'
import type { CudaSetupReport, WantedWheel } from '../../protocol/cudaSetup'
import type { Output } from '../terminal'
import { setupText } from './setupText'

const plain = { colours: { bold: (text: string) => text } } as Output
const GiB = 1024 ** 3

function planned(bytes: readonly (number | null)[], error: CudaSetupReport['error'] = null) {
  const wheels = bytes.map((each, at): WantedWheel => {
    return { requirement: `part-${at}~=13.0`, fileName: `part_${at}-13.1.whl`, bytes: each }
  })
  const known = bytes.filter((each) => each !== null)
  const report: CudaSetupReport = {
    schema: 'headroom/setup/1',
    action: 'dryRun',
    state: 'absent',
    folder: '/data/cuda',
    onnxruntimeVersion: '1.30.0',
    cudaMajor: null,
    packages: [],
    wanted: wheels.map(({ requirement }) => requirement),
    wheels,
    wheelBytes: known.length < bytes.length ? null : known.reduce((a, b) => a + b, 0),
    reusable: [],
    bytes: 0,
    error,
  }
  return setupText(report, plain)
}

describe('what a set-up of CUDA would fetch', () => {
  it('names each wheel with its size, and the sum', () => {
    const text = planned([GiB, GiB / 2])
    expect(text).toContain('· part-0~=13.0  1 GiB  part_0-13.1.whl')
    expect(text).toContain('To fetch 2 wheels: 1.5 GiB')
  })

  it('calls a size that the index does not state unknown', () => {
    expect(planned([GiB, null])).toContain(
      'To fetch 2 wheels: at least 1 GiB, the size of 1 is unknown',
    )
    const text = planned([null])
    expect(text).toContain('· part-0~=13.0  unknown size')
    expect(text).toContain('To fetch 1 wheel: unknown size')
  })

  it('says why, and how to fetch them all the same', () => {
    const message = 'the package index cannot be reached'
    const text = planned([null], { code: 'NO_NETWORK', message, details: 'long' })
    expect(text).toContain(`Not every size is known: ${message}`)
    expect(text).toContain("-d FOLDER 'part-0~=13.0'")
    expect(text).not.toContain('long')
  })
})
