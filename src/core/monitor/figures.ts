import * as z from 'zod'

// What a GPU says of itself. Every figure is null where nobody reports it; null is drawn as a gap.

const figure = z.number().nullable()

/** Figures that change within a tenth of a second. */
export const FastFigures = z.object({
  memoryTotalBytes: figure,
  /** Of the driver and the firmware; null where it is not told apart from used. */
  memoryReservedBytes: figure,
  memoryFreeBytes: figure,
  /** All processes; with the reserved bytes where these are null. */
  memoryUsedBytes: figure,
  /** What the driver moved to host memory because the GPU's own was full. */
  spillBytes: figure,
  gpuUtilizationPercent: figure,
  /** Share of time in which the memory was read or written, not of its bytes. */
  memoryUtilizationPercent: figure,
  powerDrawWatts: figure,
  powerLimitWatts: figure,
  smClockMHz: figure,
  memoryClockMHz: figure,
  temperatureCelsius: figure,
  /** Bits of nvmlClocksEventReasons: why the clocks are not at their highest. */
  clocksEventReasons: figure,
})
export type FastFigures = z.infer<typeof FastFigures>

/** Every fast figure not reported. */
export const noFastFigures: FastFigures = {
  memoryTotalBytes: null,
  memoryReservedBytes: null,
  memoryFreeBytes: null,
  memoryUsedBytes: null,
  spillBytes: null,
  gpuUtilizationPercent: null,
  memoryUtilizationPercent: null,
  powerDrawWatts: null,
  powerLimitWatts: null,
  smClockMHz: null,
  memoryClockMHz: null,
  temperatureCelsius: null,
  clocksEventReasons: null,
}

/** A process that holds memory of a GPU. */
export const GpuProcess = z.object({
  pid: z.int(),
  /** The program's file name without its folder; null where the system does not tell. */
  name: z.string().nullable(),
  /** null where the driver does not say how much (WSL, Windows' display model). */
  usedBytes: figure,
  type: z.enum(['compute', 'graphics']),
})
export type GpuProcess = z.infer<typeof GpuProcess>

/** Figures that cost milliseconds to ask for, or hardly change. */
export const SlowFigures = z.object({
  smClockMaxMHz: figure,
  memoryClockMaxMHz: figure,
  /** Since the driver was loaded. */
  energyJoules: figure,
  fanPercent: figure,
  pcieGeneration: figure,
  pcieGenerationMax: figure,
  pcieWidth: figure,
  pcieWidthMax: figure,
  /** From the host's view: sent by the GPU, over a window of 20 ms. */
  pcieSentBytesPerSecond: figure,
  pcieReceivedBytesPerSecond: figure,
  /** Whether the GPU is cut into instances. */
  migEnabled: z.boolean().nullable(),
  /** Last critical error that the driver told of since the monitor started. */
  xid: figure,
  /** null where the driver does not list them. */
  processes: z.array(GpuProcess).nullable(),
})
export type SlowFigures = z.infer<typeof SlowFigures>

export const noSlowFigures: SlowFigures = {
  smClockMaxMHz: null,
  memoryClockMaxMHz: null,
  energyJoules: null,
  fanPercent: null,
  pcieGeneration: null,
  pcieGenerationMax: null,
  pcieWidth: null,
  pcieWidthMax: null,
  pcieSentBytesPerSecond: null,
  pcieReceivedBytesPerSecond: null,
  migEnabled: null,
  xid: null,
  processes: null,
}

/** The machine around the GPUs. */
export const HostFigures = z.object({
  /** Share of all cores' time since the figure before. */
  cpuPercent: figure,
  memoryTotalBytes: z.number(),
  /** Total less what programs can still get. */
  memoryUsedBytes: z.number(),
  /** Resident set of the engine of the run that goes on; null where none does. */
  engineBytes: figure,
  /** Processes of this application that compute now. */
  ownPids: z.array(z.int()),
})
export type HostFigures = z.infer<typeof HostFigures>
