import type { SlowFigures } from '../core/monitor/figures'
import { isReported, readFigure } from './nvmlFigure'
import type { NvmlLibrary } from './nvmlLibrary'
import { readProcesses } from './nvmlProcesses'

const clocks = { sm: 1, memory: 2 } as const
const pcieCounters = { sent: 0, received: 1 } as const // NVML_PCIE_UTIL_TX_BYTES, …_RX_BYTES
const migEnabled = 1
/** NVML counts kB/s as kibibytes: its documentation says KB, nvidia-smi dmon prints MB/s of 1024². */
const throughputUnit = 1024

/** Figures that cost milliseconds: each PCIe counter alone measures for 20 ms. */
export function readSlow(library: NvmlLibrary, handle: unknown, xid: number | null): SlowFigures {
  const figure = (name: Parameters<NvmlLibrary['call']>[0], ...args: unknown[]) =>
    readFigure(library, name, handle, ...args)
  const scaled = (value: number | null, unit: number) => (value === null ? null : value * unit)
  const current = [0]
  const hasMig = isReported(() => library.call('nvmlDeviceGetMigMode', handle, current, [0]))
  return {
    smClockMaxMHz: figure('nvmlDeviceGetMaxClockInfo', clocks.sm),
    memoryClockMaxMHz: figure('nvmlDeviceGetMaxClockInfo', clocks.memory),
    energyJoules: scaled(figure('nvmlDeviceGetTotalEnergyConsumption'), 1 / 1000),
    fanPercent: figure('nvmlDeviceGetFanSpeed'),
    pcieGeneration: figure('nvmlDeviceGetCurrPcieLinkGeneration'),
    pcieGenerationMax: figure('nvmlDeviceGetMaxPcieLinkGeneration'),
    pcieWidth: figure('nvmlDeviceGetCurrPcieLinkWidth'),
    pcieWidthMax: figure('nvmlDeviceGetMaxPcieLinkWidth'),
    pcieSentBytesPerSecond: scaled(
      figure('nvmlDeviceGetPcieThroughput', pcieCounters.sent),
      throughputUnit,
    ),
    pcieReceivedBytesPerSecond: scaled(
      figure('nvmlDeviceGetPcieThroughput', pcieCounters.received),
      throughputUnit,
    ),
    migEnabled: hasMig ? current[0] === migEnabled : null,
    xid,
    processes: readProcesses(library, handle),
  }
}
