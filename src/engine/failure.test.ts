import { expect, it } from 'vitest'
import { zhCN } from '../core/report/words/zhCN'
import { explainFailure } from './failure'

const arena =
  'Non-zero status code returned while running MatMul node. bfc_arena.cc:360 Failed to allocate memory for requested buffer of size 4294967296'

it('tells memory of the device from memory of the host', () => {
  expect(explainFailure(new Error(arena), 'cuda')).toMatchObject({
    outcome: 'outOfMemory',
    reason: 'the device could not allocate a buffer of 4294967296 bytes',
  })
  expect(explainFailure(new Error(arena), 'cpu').outcome).toBe('hostOutOfMemory')
  expect(explainFailure(new Error('std::bad_alloc'), 'cpu').outcome).toBe('hostOutOfMemory')
})

it('calls a refused fallback unsupported', () => {
  const message =
    'This session contains graph nodes that are assigned to the default CPU EP, but fallback to CPU EP has been explicitly disabled by the user.'
  expect(explainFailure(new Error(message), 'webgpu').outcome).toBe('unsupported')
})

it('has its reasons in Chinese', () => {
  const errors = [arena, 'std::bad_alloc', 'libcudnn.so.9', 'NOT_IMPLEMENTED', 'GPU is lost', 'odd']
  const reasons = errors.flatMap((message) =>
    (['cpu', 'cuda'] as const).map(
      (provider) => explainFailure(new Error(message), provider).reason,
    ),
  )
  expect(reasons.filter((reason) => zhCN.note(reason) === reason)).toEqual([])
})

it('keeps no host name', () => {
  const message =
    'CUDA failure 101: invalid device ordinal ; GPU=0 ; hostname=lab-7 ; expr=cudaSetDevice'
  expect(explainFailure(new Error(message), 'cuda').details).toBe(
    'CUDA failure 101: invalid device ordinal ; GPU=0 ; expr=cudaSetDevice',
  )
})

it('keeps the first line of what it does not know as the reason', () => {
  expect(explainFailure(new Error('odd\nmore'), 'cpu')).toEqual({
    outcome: 'crashed',
    reason: 'ONNX Runtime failed: odd',
    details: 'odd\nmore',
  })
})
