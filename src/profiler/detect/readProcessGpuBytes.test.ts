import { expect, it } from 'vitest'
import { MiB } from '../../core/units'
import { processGpuBytes } from './readProcessGpuBytes'

const header = 'pid, used_gpu_memory [MiB]'

it.each([
  ['a process on one GPU', `${header}\n1234, 310 MiB\n4321, 5000 MiB\n`, 310 * MiB],
  ['a process on two', `${header}\n1234, 310 MiB\n1234, 290 MiB\n`, 600 * MiB],
  ['one that is not listed, as in a container', `${header}\n`, null],
  ['one whose memory nobody tells, as under WSL', `${header}\n1234, [N/A]\n`, null],
  ['one that the driver may not show', `${header}\n1234, [Insufficient Permissions]\n`, null],
  ['words in place of a table', 'No devices were found\n', null],
])('reads %s', (_, csv, bytes) => {
  expect(processGpuBytes(csv, 1234)).toBe(bytes)
})
