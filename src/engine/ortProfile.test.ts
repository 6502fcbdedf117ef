import { expect, it } from 'vitest'
import { parseOrtProfile } from './ortProfile'

const node = (provider: string, operator: string, index: number, peak: number, held: number) => ({
  cat: 'Node',
  name: `${operator}_kernel_time`,
  args: {
    op_name: operator,
    provider: `${provider}ExecutionProvider`,
    node_index: String(index),
    mem_in_use_peak: String(peak),
    mem_arena_held: String(held),
  },
})

it('takes memory from the nodes of the asked provider only', () => {
  const profile = parseOrtProfile(
    JSON.stringify([
      { cat: 'Session', name: 'model_loading' },
      node('CUDA', 'MatMul', 1, 400, 1024),
      node('CUDA', 'Add', 2, 700, 2048),
      node('CPU', 'Gather', 3, 9999, 9999),
    ]),
    'cuda',
  )
  expect(profile.peakBytes).toBe(700)
  expect(profile.heldBytes).toBe(2048)
  expect(profile.nodesByProvider).toEqual({ cuda: 2, cpu: 1 })
})

it('counts a node once however often it ran, and copies between host and device', () => {
  const profile = parseOrtProfile(
    JSON.stringify([
      node('CUDA', 'MatMul', 1, 1, 1),
      node('CUDA', 'MatMul', 1, 1, 1),
      node('CUDA', 'MatMul', 4, 1, 1),
      node('CUDA', 'MemcpyToHost', 2, 1, 1),
    ]),
    'cuda',
  )
  expect(profile.nodesByProvider).toEqual({ cuda: 3 })
  expect(profile.memcpyNodes).toBe(1)
  expect(profile.operators[0]).toBe('MatMul')
})

it('knows no memory where no node reported any', () => {
  const event = { cat: 'Node', args: { op_name: 'Add', provider: 'DmlExecutionProvider' } }
  const profile = parseOrtProfile(JSON.stringify([event]), 'dml')
  expect(profile.peakBytes).toBeNull()
  expect(profile.heldBytes).toBeNull()
})
