import { cpus, freemem, totalmem } from 'node:os'
import type { HostFigures } from '../core/monitor/figures'

/** Reads the machine's own figures; the CPU's share is that since the reading before. */
export function createHostReader(): () => HostFigures {
  let before = cpuTimes()
  return () => {
    const now = cpuTimes()
    const total = now.total - before.total
    const idle = now.idle - before.idle
    before = now
    const memoryTotalBytes = totalmem()
    return {
      cpuPercent: total > 0 ? (100 * (total - idle)) / total : null,
      memoryTotalBytes,
      memoryUsedBytes: memoryTotalBytes - freemem(),
      engineBytes: null,
      ownPids: [],
    }
  }
}

function cpuTimes(): { readonly total: number; readonly idle: number } {
  let total = 0
  let idle = 0
  for (const { times } of cpus()) {
    total += times.user + times.nice + times.sys + times.idle + times.irq
    idle += times.idle
  }
  return { total, idle }
}
