import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'
import { noFastFigures, noSlowFigures } from '../core/monitor/figures'
import { linkGeneration, scaled, sysfsNumber } from './sysfsValues'
import type { GpuReader } from './openGpus'

// AMD's kernel driver tells by files of one value each (kernel.org, gpu/amdgpu/thermal and driver-misc).

const amdVendor = '0x1002'

/**
 * AMD's GPUs in the system's order, counted from `firstIndex`.
 * @param folder where the kernel lists graphics cards
 */
export function openAmdGpus(firstIndex: number, folder = '/sys/class/drm'): GpuReader[] {
  const cards = listFolder(folder).filter((name) => /^card\d+$/.test(name))
  const devices = cards
    .toSorted((a, b) => Number(a.slice(4)) - Number(b.slice(4)))
    .map((card) => join(folder, card, 'device'))
    .filter((device) => read(device, 'vendor') === amdVendor)
    .filter((device) => sysfsNumber(read(device, 'mem_info_vram_total')) !== null)
  return devices.map((device, place) => openAmdGpu(device, firstIndex + place))
}

function openAmdGpu(device: string, index: number): GpuReader {
  const value = (name: string, unit = 1) => scaled(sysfsNumber(read(device, name)), unit)
  const sensors = listFolder(join(device, 'hwmon'))[0]
  const sensor = (name: string, unit: number) =>
    sensors === undefined ? null : value(join('hwmon', sensors, name), unit)
  const address = basename(realpathOf(device))
  return {
    id: `gpu-${index}`,
    name: read(device, 'product_name') || `AMD GPU ${read(device, 'device') ?? ''} at ${address}`,
    uuid: read(device, 'unique_id') || null,
    driverVersion: null,
    source: 'amdgpu',
    readFast() {
      const memoryTotalBytes = value('mem_info_vram_total')
      const memoryUsedBytes = value('mem_info_vram_used')
      const isKnown = memoryTotalBytes !== null && memoryUsedBytes !== null
      // A card that fell off the bus leaves its folder behind, with files that cannot be read.
      if (memoryTotalBytes === null) throw new Error(`${address} no longer answers`)
      return {
        ...noFastFigures,
        memoryTotalBytes,
        memoryUsedBytes,
        memoryFreeBytes: isKnown ? memoryTotalBytes - memoryUsedBytes : null,
        spillBytes: value('mem_info_gtt_used'),
        gpuUtilizationPercent: value('gpu_busy_percent'),
        memoryUtilizationPercent: value('mem_busy_percent'),
        powerDrawWatts: sensor('power1_average', 1e-6) ?? sensor('power1_input', 1e-6),
        powerLimitWatts: sensor('power1_cap', 1e-6),
        smClockMHz: sensor('freq1_input', 1e-6),
        memoryClockMHz: sensor('freq2_input', 1e-6),
        temperatureCelsius: sensor('temp1_input', 1e-3),
      }
    },
    readSlow: () => ({
      ...noSlowFigures,
      energyJoules: sensor('energy1_input', 1e-6),
      fanPercent: sensor('pwm1', 100 / 255),
      pcieGeneration: linkGeneration(read(device, 'current_link_speed')),
      pcieGenerationMax: linkGeneration(read(device, 'max_link_speed')),
      pcieWidth: value('current_link_width'),
      pcieWidthMax: value('max_link_width'),
    }),
  }
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // not Linux, or no such card
  }
}

/** The file's text, or null where the driver has no such file or does not answer. */
function read(device: string, name: string): string | null {
  try {
    return readFileSync(join(device, name), 'utf8').trim()
  } catch {
    return null
  }
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
