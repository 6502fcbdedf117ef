import { noFastFigures, noSlowFigures } from '../../core/monitor/figures'
import { MiB } from '../../core/units'
import { runCommand } from '../detect/runCommand'
import type { ToolGpu } from './toolSampler'

const timeoutMs = 2000

/** AMD's GPUs by amd-smi; null where it is not there or does not answer. */
export async function readAmdSmiFigures(command = 'amd-smi'): Promise<readonly ToolGpu[] | null> {
  const answer = await runCommand(command, ['metric', '--json'], timeoutMs)
  return answer.status === 'ok' ? parseAmdSmi(answer.stdout) : null
}

/**
 * Reads `amd-smi metric --json`: a list of GPUs, which from ROCm 7 on is inside of `gpu_data`. Lines
 * before the document (warnings, "'CTRL' + 'C' to stop") are passed over. [] where it is no such answer.
 */
export function parseAmdSmi(text: string): readonly ToolGpu[] {
  const root = parseJson(text)
  const list = Array.isArray(root) ? root : field(root, 'gpu_data')
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown): ToolGpu[] => {
    const index = field(entry, 'gpu')
    if (typeof index !== 'number' || !Number.isInteger(index)) return []
    const value = (...path: string[]) => quantity(entry, path)
    const bytes = (name: string) => {
      const mebibytes = value('mem_usage', name)
      return mebibytes === null ? null : mebibytes * MiB // amd-smi's MB are 1024² bytes
    }
    return [
      {
        gpu: {
          id: `gpu-${index}`,
          name: `AMD GPU ${index}`,
          uuid: null,
          driverVersion: null,
          source: 'amd-smi',
          fault: null,
        },
        fast: {
          ...noFastFigures,
          memoryTotalBytes: bytes('total_vram'),
          memoryUsedBytes: bytes('used_vram'),
          memoryFreeBytes: bytes('free_vram'),
          spillBytes: bytes('used_gtt'),
          gpuUtilizationPercent: value('usage', 'gfx_activity'),
          memoryUtilizationPercent: value('usage', 'umc_activity'),
          powerDrawWatts: value('power', 'socket_power'),
          smClockMHz: value('clock', 'gfx_0', 'clk'),
          memoryClockMHz: value('clock', 'mem_0', 'clk'),
          temperatureCelsius: value('temperature', 'edge') ?? value('temperature', 'hotspot'),
        },
        slow: {
          ...noSlowFigures,
          smClockMaxMHz: value('clock', 'gfx_0', 'max_clk'),
          memoryClockMaxMHz: value('clock', 'mem_0', 'max_clk'),
          fanPercent: value('fan', 'usage'),
          pcieWidth: value('pcie', 'width'),
        },
      },
    ]
  })
}

function parseJson(text: string): unknown {
  const start = text.search(/[[{]/)
  if (start < 0) return null
  try {
    return JSON.parse(text.slice(start))
  } catch {
    return null // cut short, or no JSON at all
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** A number, or the `value` of `{ value, unit }`; "N/A" and anything else is null. */
function quantity(entry: unknown, path: readonly string[]): number | null {
  const found = path.reduce(field, entry)
  const value = typeof found === 'object' ? field(found, 'value') : found
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}
