import {
  type FastFigures,
  noFastFigures,
  noSlowFigures,
  type SlowFigures,
} from '../core/monitor/figures'
import type { NvmlDevice } from './nvml'
import { nvmlCodes } from './nvmlError'
import { readFigure } from './nvmlFigure'
import type { NvmlLibrary } from './nvmlLibrary'
import { readMemory } from './nvmlMemory'
import { readProcesses } from './nvmlProcesses'
import { readText } from './nvmlText'

const migEnabled = 1

/**
 * The instances that a GPU is cut into (MIG). Of each the driver tells its memory and its processes;
 * utilization it does not tell at all (null, never 0), and power and temperature are the whole's.
 */
export function openMigDevices(
  library: NvmlLibrary,
  handle: unknown,
  whole: Pick<NvmlDevice, 'id' | 'name'>,
): NvmlDevice[] {
  const mode = [0]
  const isCut =
    library.code('nvmlDeviceGetMigMode', handle, mode, [0]) === nvmlCodes.success &&
    mode[0] === migEnabled
  const count = isCut ? (readFigure(library, 'nvmlDeviceGetMaxMigDeviceCount', handle) ?? 0) : 0
  return Array.from({ length: count }, (_, index) => {
    const handles: unknown[] = [null]
    const code = library.code('nvmlDeviceGetMigDeviceHandleByIndex', handle, index, handles)
    // Places without an instance are most of them.
    if (code !== nvmlCodes.success) return null
    return openInstance(library, handles[0], handle, {
      id: `${whole.id}-mig-${index}`,
      name: `${whole.name} MIG ${index}`,
    })
  }).filter((device) => device !== null)
}

function openInstance(
  library: NvmlLibrary,
  instance: unknown,
  whole: unknown,
  { id, name }: Pick<NvmlDevice, 'id' | 'name'>,
): NvmlDevice {
  return {
    id,
    name: readText(library, 'nvmlDeviceGetName', instance) ?? name,
    uuid: readText(library, 'nvmlDeviceGetUUID', instance),
    readFast: (): FastFigures => ({
      ...noFastFigures,
      ...readMemory(library, instance),
      // What holds the whole's clocks down holds down every instance.
      clocksEventReasons: readFigure(library, 'nvmlDeviceGetCurrentClocksEventReasons', whole),
    }),
    readSlow: (): SlowFigures => ({
      ...noSlowFigures,
      migEnabled: true,
      processes: readProcesses(library, instance),
    }),
  }
}
