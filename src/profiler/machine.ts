import type { DevicesReport, ExecutionProvider } from '../core/device'
import { detectMachine } from './detect/detectMachine'
import { probeProvider, readOnnxruntimeVersion } from './detect/probeProvider'
import { cpuDevice } from './detect/thisHost'
import type { EngineStart } from './freshEngine'

/** What this machine has. Asking takes seconds, for every provider is tried: the answer is kept. */
export interface Machine {
  report(options?: { readonly refresh?: boolean }): Promise<DevicesReport>
}

export function createMachine(start: EngineStart, version: string): Machine {
  let onnxruntimeVersion: Promise<string | null> | null = null
  let known: Promise<DevicesReport> | null = null

  async function detect(): Promise<DevicesReport> {
    onnxruntimeVersion ??= readOnnxruntimeVersion(start)
    const probe = (provider: ExecutionProvider) => probeProvider(start, provider)
    // The version comes from one more engine process, beside those that try the providers.
    const [report, known] = await Promise.all([
      detectMachine({ probe, version, onnxruntimeVersion: null }),
      onnxruntimeVersion,
    ])
    return { ...report, host: { ...report.host, onnxruntimeVersion: known } }
  }

  return {
    report({ refresh = false } = {}) {
      if (refresh || !known) {
        const asked = detect()
        known = asked
        asked.catch(() => {
          // The next one asks again; this failure goes to who asked.
          if (known === asked) known = null
        })
      }
      return known.then(withMemoryOfNow)
    },
  }
}

/** The host's free memory changes by the second, and asking costs nothing. */
function withMemoryOfNow(report: DevicesReport): DevicesReport {
  const { memoryFreeBytes } = cpuDevice()
  return {
    ...report,
    devices: report.devices.map((device) =>
      device.kind === 'cpu' ? { ...device, memoryFreeBytes } : device,
    ),
  }
}
