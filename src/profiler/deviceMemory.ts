import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { MiB } from '../core/units'

/** The latest known used memory of a device, and a way to stop asking. */
export interface DeviceMemoryReader {
  /** Used bytes of all processes, or null while unknown. */
  readonly latestBytes: () => number | null
  stop(): void
}

/** nvidia-smi's own loop: one process for the whole step instead of one per sample. */
const periodMs = 100

/** Follows the used memory of NVIDIA GPU `index`; reports null where nvidia-smi does not answer. */
export function followNvidiaMemory(index: number, command = 'nvidia-smi'): DeviceMemoryReader {
  let latest: number | null = null
  const child = spawn(
    command,
    [
      `--id=${index}`,
      '--query-gpu=memory.used',
      '--format=csv,noheader,nounits',
      `--loop-ms=${periodMs}`,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  child.on('error', () => {
    latest = null
  })
  child.on('exit', () => {
    latest = null
  })
  createInterface(child.stdout).on('line', (line) => {
    // "[N/A]" and "[Unknown Error]" are unknown, not 0.
    latest = /^\s*\d+\s*$/.test(line) ? Number(line) * MiB : null
  })
  return { latestBytes: () => latest, stop: () => void child.kill() }
}
