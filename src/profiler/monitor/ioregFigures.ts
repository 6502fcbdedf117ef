import { totalmem } from 'node:os'
import { noFastFigures, noSlowFigures } from '../../core/monitor/figures'
import { runCommand } from '../detect/runCommand'
import type { ToolGpu } from './toolSampler'

const timeoutMs = 2000

/** Apple's GPU by the registry of its driver; null anywhere else. */
export async function readIoregFigures(): Promise<readonly ToolGpu[] | null> {
  if (process.platform !== 'darwin') return null
  const answer = await runCommand(
    'ioreg',
    ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'],
    timeoutMs,
  )
  return answer.status === 'ok' ? parseIoreg(answer.stdout, totalmem()) : null
}

/**
 * Reads `ioreg -r -d 1 -w 0 -c IOAccelerator`: one object per accelerator, with its statistics on one
 * line.
 * @param hostMemoryBytes which the GPU shares
 */
export function parseIoreg(text: string, hostMemoryBytes: number): readonly ToolGpu[] {
  const objects = text.split(/^\+-o /m).slice(1)
  const accelerators = objects.length > 0 ? objects : [text]
  return accelerators.flatMap((object, index): ToolGpu[] => {
    const statistics = /"PerformanceStatistics" = \{([^}]*)\}/.exec(object)?.[1]
    if (statistics === undefined) return []
    // With both quotes: "In use system memory (driver)" is another figure.
    const value = (name: string) => {
      const escaped = name.replaceAll(/[()%]/g, String.raw`\$&`)
      const digits = new RegExp(`"${escaped}"=(\\d+)`).exec(statistics)?.[1]
      return digits === undefined ? null : Number(digits)
    }
    return [
      {
        gpu: {
          id: `gpu-${index}`,
          name: /"model" = "([^"]+)"/.exec(object)?.[1] ?? 'Apple GPU',
          uuid: null,
          driverVersion: null,
          source: 'ioreg',
          fault: null,
        },
        fast: {
          ...noFastFigures,
          memoryTotalBytes: hostMemoryBytes,
          memoryUsedBytes: value('In use system memory'),
          gpuUtilizationPercent: value('Device Utilization %'),
        },
        slow: noSlowFigures,
      },
    ]
  })
}
