import { noFastFigures, noSlowFigures, type GpuProcess } from '../../core/monitor/figures'
import { knownBytes, knownNumber, knownText } from '../detect/csvCells'
import { querySmi } from '../detect/querySmi'
import { runCommand } from '../detect/runCommand'
import { parseSmiTable } from '../detect/smiTable'
import type { ToolGpu } from './toolSampler'

/** A figure per entry; nvidia-smi prints some under another name than the one it was asked for. */
const fields = [
  'index',
  'name',
  'uuid',
  'driver_version',
  'memory.total',
  'memory.reserved',
  'memory.used',
  'memory.free',
  'utilization.gpu',
  'utilization.memory',
  'power.draw',
  'enforced.power.limit',
  'clocks.current.sm',
  'clocks.current.memory',
  'clocks.max.sm',
  'clocks.max.memory',
  'temperature.gpu',
  'clocks_event_reasons.active',
  'clocks_throttle_reasons.active', // the same before driver 535
  'fan.speed',
  'pcie.link.gen.current',
  'pcie.link.gen.max',
  'pcie.link.width.current',
  'pcie.link.width.max',
  'mig.mode.current',
]
const processFields = ['gpu_uuid', 'pid', 'process_name', 'used_gpu_memory']
const timeoutMs = 2000

/** Fields that this machine's nvidia-smi knows, so that it is not asked in vain every second. */
const known = new Map<string, readonly string[]>()

/** NVIDIA's GPUs by nvidia-smi; null where it is not there or does not answer. */
export async function readSmiFigures(command = 'nvidia-smi'): Promise<readonly ToolGpu[] | null> {
  const answer = await querySmi(command, known.get(command) ?? fields)
  if (answer.status !== 'ok') return null
  known.set(command, answer.asked)
  const listed = await runCommand(
    command,
    [`--query-compute-apps=${processFields.join(',')}`, '--format=csv'],
    timeoutMs,
  )
  const processes = listed.status === 'ok' ? parseSmiProcesses(listed.stdout) : null
  return parseSmiFigures(answer.stdout, processes)
}

/**
 * Reads `nvidia-smi --query-gpu=… --format=csv`.
 * @param processes by the GPU's uuid; null where nobody lists them
 */
export function parseSmiFigures(
  csv: string,
  processes: ReadonlyMap<string, readonly GpuProcess[]> | null,
): readonly ToolGpu[] {
  const isHeader = (line: string) => /\bindex\b/.test(line) && /\bmemory\.total\b/.test(line)
  return parseSmiTable(csv, isHeader).flatMap((row): ToolGpu[] => {
    const number = (name: string) => knownNumber(row.get(name))
    const bytes = (name: string) => knownBytes(row.get(name))
    const index = number('index')
    const name = knownText(row.get('name'))
    if (index === null || name === null) return []
    const uuid = knownText(row.get('uuid'))
    const reasons =
      row.get('clocks_event_reasons.active') ?? row.get('clocks_throttle_reasons.active')
    return [
      {
        gpu: {
          id: `gpu-${index}`,
          name,
          uuid,
          driverVersion: knownText(row.get('driver_version')),
          source: 'nvidia-smi',
          fault: lostWord(row) ?? null,
        },
        fast: {
          ...noFastFigures,
          memoryTotalBytes: bytes('memory.total'),
          memoryReservedBytes: bytes('memory.reserved'),
          memoryUsedBytes: bytes('memory.used'),
          memoryFreeBytes: bytes('memory.free'),
          gpuUtilizationPercent: number('utilization.gpu'),
          memoryUtilizationPercent: number('utilization.memory'),
          powerDrawWatts: number('power.draw'),
          powerLimitWatts: number('enforced.power.limit'),
          smClockMHz: number('clocks.current.sm'),
          memoryClockMHz: number('clocks.current.memory'),
          temperatureCelsius: number('temperature.gpu'),
          clocksEventReasons: knownBits(reasons),
        },
        slow: {
          ...noSlowFigures,
          smClockMaxMHz: number('clocks.max.sm'),
          memoryClockMaxMHz: number('clocks.max.memory'),
          fanPercent: number('fan.speed'),
          pcieGeneration: number('pcie.link.gen.current'),
          pcieGenerationMax: number('pcie.link.gen.max'),
          pcieWidth: number('pcie.link.width.current'),
          pcieWidthMax: number('pcie.link.width.max'),
          migEnabled: knownMig(row.get('mig.mode.current')),
          processes: processes === null ? null : [...(processes.get(uuid ?? '') ?? [])],
        },
      },
    ]
  })
}

/** Reads `nvidia-smi --query-compute-apps=… --format=csv`: processes by the uuid of their GPU. */
export function parseSmiProcesses(csv: string): Map<string, GpuProcess[]> {
  const byGpu = new Map<string, GpuProcess[]>()
  for (const row of parseSmiTable(csv, (line) => /\bgpu_uuid\b.*\bpid\b/.test(line))) {
    const uuid = row.get('gpu_uuid')!
    const pid = knownNumber(row.get('pid'))
    if (pid === null) continue
    const entry: GpuProcess = {
      pid,
      name: baseName(knownText(row.get('process_name'))),
      usedBytes: knownBytes(row.get('used_gpu_memory')),
      type: 'compute',
    }
    byGpu.set(uuid, [...(byGpu.get(uuid) ?? []), entry])
  }
  return byGpu
}

/** The word that stands in the cells of a GPU that no longer works. */
function lostWord(row: ReadonlyMap<string, string>): string | null {
  const word = /^\[?(GPU is lost|GPU requires reset)\]?$/
  return [...row.values()].map((cell) => word.exec(cell.trim())?.[1]).find(Boolean) ?? null
}

/** `0x0000000000000004` → 4. */
function knownBits(cell: string | undefined): number | null {
  return cell !== undefined && /^\s*0x[\da-f]+\s*$/i.test(cell) ? Number(cell) : null
}

function knownMig(cell: string | undefined): boolean | null {
  const word = knownText(cell)
  return word === 'Enabled' ? true : word === 'Disabled' ? false : null
}

/** The file's name of a path of either system: folders are nobody's business. */
function baseName(path: string | null): string | null {
  return path === null ? null : (path.split(/[\\/]/).at(-1)?.trim() ?? null) || null
}
