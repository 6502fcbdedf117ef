import { knownBytes, knownNumber } from './csvCells'
import { runCommand } from './runCommand'
import { parseSmiTable } from './smiTable'

/** A healthy driver answers in about 0.1 s, but where it wakes the GPU first, or the machine is busy. */
const timeoutMs = 10_000
const query = ['--query-compute-apps=pid,used_gpu_memory', '--format=csv']

/**
 * GPU memory that a process holds by nvidia-smi, in whole MiB, over all GPUs; null where the process is
 * not listed (in a container, whose numbers of processes are its own) or its memory is not told.
 */
export async function readProcessGpuBytes(
  pid: number,
  command = 'nvidia-smi',
): Promise<number | null> {
  const { status, stdout } = await runCommand(command, query, timeoutMs)
  return status === 'ok' ? processGpuBytes(stdout, pid) : null
}

/** The same out of what `--query-compute-apps=pid,used_gpu_memory --format=csv` printed. */
export function processGpuBytes(csv: string, pid: number): number | null {
  const rows = parseSmiTable(csv, (line) => line.startsWith('pid, used_gpu_memory'))
  const bytes = rows
    .filter((row) => knownNumber(row.get('pid')) === pid)
    .map((row) => knownBytes(row.get('used_gpu_memory')))
    .filter((each) => each !== null)
  return bytes.length === 0 ? null : bytes.reduce((sum, each) => sum + each, 0)
}
