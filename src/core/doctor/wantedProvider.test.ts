import { expect, it } from 'vitest'
import { cpuDevice, gpuDevice } from '../../../test/pageData'
import type { ExecutionProvider } from '../device'
import { wantedProvider } from './wantedProvider'

const only =
  (...names: ExecutionProvider[]) =>
  (provider: ExecutionProvider) =>
    names.includes(provider)
const linux = only('cpu', 'cuda', 'tensorrt', 'webgpu')
const windows = only('cpu', 'dml', 'webgpu')
const of = (vendor: string | null) => [{ ...gpuDevice, vendor }, cpuDevice]

it.each([
  ['NVIDIA on Linux', of('NVIDIA'), linux, 'cuda'],
  ['NVIDIA on Windows', of('NVIDIA'), windows, 'dml'],
  ['NVIDIA on Linux for ARM', of('NVIDIA'), only('cpu'), null],
  ['AMD on Linux', of('AMD'), linux, 'webgpu'],
  ['a GPU without a vendor on Windows', of(null), windows, 'dml'],
  ['Apple', of('Apple'), only('cpu', 'coreml', 'webgpu'), 'coreml'],
  ['no GPU', [cpuDevice], linux, 'cpu'],
] as const)('%s', (_what, machine, canExist, wanted) => {
  expect(wantedProvider(machine, canExist)).toBe(wanted)
})
