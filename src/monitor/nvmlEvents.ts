import koffi from 'koffi'
import { nvmlCodes } from './nvmlError'
import type { NvmlLibrary } from './nvmlLibrary'
import type { EventData } from './nvmlTypes'

/** nvmlEventTypeXidCriticalError. */
const xidEvent = 8n

/** Critical errors (XID) as the driver tells of them. */
export interface XidEvents {
  /** From now on those of this device. */
  readonly watch: (handle: unknown) => void
  /** The last one of this device since it is watched; null where there was none or nobody tells. */
  readonly lastOf: (handle: unknown) => number | null
  readonly close: () => void
}

/** Where the driver has no events (WSL, Windows, virtual GPUs) nothing is ever told. */
export function openXidEvents(library: NvmlLibrary): XidEvents {
  const sets: unknown[] = [null]
  const [set] = library.code('nvmlEventSetCreate', sets) === nvmlCodes.success ? sets : [null]
  const last = new Map<bigint, number>()

  function collect(): void {
    const data: EventData[] = [{ device: null, eventType: 0, eventData: 0 }]
    // Does not wait: what has happened since the last question is there at once.
    while (
      set !== null &&
      library.code('nvmlEventSetWait_v2', set, data, 0) === nvmlCodes.success
    ) {
      const [event] = data
      if (event && BigInt(event.eventType) === xidEvent)
        last.set(koffi.address(event.device), Number(event.eventData))
    }
  }

  return {
    watch: (handle) => {
      if (set !== null) library.code('nvmlDeviceRegisterEvents', handle, xidEvent, set)
    },
    lastOf: (handle) => {
      collect()
      return last.get(koffi.address(handle)) ?? null
    },
    close: () => {
      if (set !== null) library.code('nvmlEventSetFree', set)
    },
  }
}
