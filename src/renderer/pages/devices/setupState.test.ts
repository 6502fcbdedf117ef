import { expect, it } from 'vitest'
import type { CudaSetupEvent } from '../../../protocol/cudaSetup'
import { applySetupEvent, idleSetup, progressPercent } from './setupState'

const requirement = 'nvidia-cublas~=13.0'
const progress = (doneBytes: number, totalBytes: number | null): CudaSetupEvent => ({
  type: 'progress',
  requirement,
  phase: 'download',
  doneBytes,
  totalBytes,
})
const running = { ...idleSetup, isRunning: true }

it('shows how far the current file is, where its size is known', () => {
  // 25 of 200 bytes
  expect(progressPercent(applySetupEvent(running, progress(25, 200)))).toBe(12.5)
  expect(progressPercent(applySetupEvent(running, progress(25, null)))).toBeNull()
  expect(progressPercent(running)).toBeNull()
})

it('lists a package once it is done, and ends with the report', () => {
  const done = {
    requirement,
    fileName: 'x.whl',
    bytes: 9,
    sha256: '',
    reusedFrom: null,
    files: [],
  }
  const after = applySetupEvent(applySetupEvent(running, progress(1, 2)), {
    type: 'package',
    package: done,
    isNew: true,
  })
  expect(after).toMatchObject({ packages: [done], progress: null, isRunning: true })
  const report = {
    schema: 'headroom/setup/1',
    action: 'setUp',
    state: 'ready',
    folder: '/data/cuda',
    onnxruntimeVersion: '1.30.0',
    cudaMajor: 13,
    packages: [done],
    wanted: [],
    wheels: [],
    wheelBytes: null,
    reusable: [],
    bytes: 9,
    error: null,
  } as const
  const ended = applySetupEvent(after, {
    type: 'ended',
    report: { ...report, packages: [], wanted: [], wheels: [], reusable: [] },
  })
  expect(ended).toMatchObject({ isRunning: false, report: { state: 'ready' } })
})
