import koffi from 'koffi'
import { expect, it } from 'vitest'
import { nvmlCodes, NvmlError } from './nvmlError'
import type { NvmlLibrary } from './nvmlLibrary'
import { readProcesses } from './nvmlProcesses'
import { processInfoType } from './nvmlTypes'

const notAvailable = 2n ** 64n - 1n

/** A driver that lists so many processes, or answers with a code. */
function createLibrary(lists: Readonly<Record<string, readonly (number | bigint)[] | number>>) {
  const asked: number[] = []
  const code: NvmlLibrary['code'] = (name, _handle, count, buffer) => {
    const list = lists[name] ?? nvmlCodes.functionNotFound
    if (typeof list === 'number') return list
    const [room] = count as number[]
    asked.push(room!)
    ;(count as number[])[0] = list.length
    if (list.length > room!) return nvmlCodes.insufficientSize
    for (const [i, usedGpuMemory] of list.entries()) {
      const entry = { pid: 2 ** 30 + i, usedGpuMemory, gpuInstanceId: 0, computeInstanceId: 0 }
      koffi.encode(buffer, i * koffi.sizeof(processInfoType), processInfoType, entry)
    }
    return nvmlCodes.success
  }
  const library: NvmlLibrary = {
    code,
    call: () => {},
    fail: (name, result) => {
      throw new NvmlError(name, result, 'Not Found')
    },
    unload: () => {},
  }
  return { library, asked }
}
const compute = 'nvmlDeviceGetComputeRunningProcesses_v3'
const graphics = 'nvmlDeviceGetGraphicsRunningProcesses_v3'

it('asks again with more room where there are more than it had room for', () => {
  const { library, asked } = createLibrary({ [compute]: Array.from({ length: 71 }, (_, i) => i) })
  expect(readProcesses(library, null)?.map(({ usedBytes }) => usedBytes)).toHaveLength(71)
  expect(asked).toEqual([64, 71 + 16])
})

it('bytes that are not told are null, and a program in both lists is one', () => {
  const { library } = createLibrary({ [compute]: [notAvailable, 7], [graphics]: [notAvailable] })
  expect(readProcesses(library, null)).toEqual([
    { pid: 2 ** 30, name: null, usedBytes: null, type: 'graphics' },
    { pid: 2 ** 30 + 1, name: null, usedBytes: 7, type: 'compute' },
  ])
})
