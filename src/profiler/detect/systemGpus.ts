import { totalmem } from 'node:os'
import type { Device } from '../../core/device'
import { MiB } from '../../core/units'
import { readAmdMemory } from './amdMemory'

/** What systeminformation says of one graphics controller; its `vram` counts MiB. */
export interface Controller {
  readonly vendor?: string | null
  readonly model?: string | null
  readonly name?: string | null
  readonly vram?: number | null
  readonly vramDynamic?: boolean
  readonly busAddress?: string | null
  readonly driverVersion?: string | null
}

const timeoutMs = 10_000

/** Screens of virtual machines and of servers' management chips: nothing computes on them. */
const displayOnly =
  /aspeed|matrox|cirrus|bochs|qxl|virtio|vmware|virtualbox|hyper-v|basic (display|render)|standard vga|parsec|remote display/i

/** The graphics controllers that may compute, in the system's order; [] where it does not say. */
export async function readControllers(): Promise<readonly Controller[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly Controller[]>()
  const timer = setTimeout(() => resolve([]), timeoutMs)
  try {
    const { graphics } = await import('systeminformation')
    const read = graphics().then(({ controllers }) => controllers as readonly Controller[])
    return (await Promise.race([read, late])).filter(mayCompute)
  } catch {
    // Whatever tool of the system it asked is broken: then nothing is known of controllers.
    return []
  } finally {
    clearTimeout(timer)
  }
}

export function mayCompute({ vendor, model, name }: Controller): boolean {
  return !displayOnly.test(`${vendor ?? ''} ${model ?? ''} ${name ?? ''}`)
}

export type SystemGpu = Omit<Device, 'id' | 'gpuId'>

/** A controller as a device. */
export async function describeController(
  controller: Controller,
  platform: NodeJS.Platform,
): Promise<SystemGpu> {
  const vendor = shortVendor(`${controller.vendor ?? ''} ${controller.model ?? ''}`)
  const amd =
    platform === 'linux' && vendor === 'AMD' && controller.busAddress
      ? await readAmdMemory(controller.busAddress)
      : null
  const unifiedMemory = vendor === 'Apple' || (vendor === 'Intel' && isIntegrated(controller))
  return {
    name: controllerName(controller),
    kind: 'gpu',
    vendor,
    memoryTotalBytes: amd?.totalBytes ?? memoryBytes(controller, platform, unifiedMemory),
    memoryFreeBytes: amd?.freeBytes ?? null,
    unifiedMemory,
    driverVersion: controller.driverVersion?.trim() || null,
    computeCapability: null,
    powerLimitWatts: null,
    source: 'systeminformation',
  }
}

/** On Linux `vram` is the size of a PCI window, which may be far smaller than the memory. */
function memoryBytes(
  { vram, vramDynamic }: Controller,
  platform: NodeJS.Platform,
  unifiedMemory: boolean,
): number | null {
  if (unifiedMemory) return totalmem()
  if (platform === 'linux' || vramDynamic === true) return null
  return typeof vram === 'number' && vram > 0 ? vram * MiB : null
}

function isIntegrated({ model }: Controller): boolean {
  return !/\barc\b.*\b[ab]\d{3}\b|data center|flex|\bmax\b/i.test(model ?? '')
}

/** lspci writes `GA102 [GeForce RTX 3090]`: the name people know is in the brackets. */
function controllerName({ name, model, vendor }: Controller): string {
  const text = (name?.trim() || model?.trim() || vendor?.trim()) ?? ''
  return /\[([^\]]+)\]\s*$/.exec(text)?.[1] ?? (text || 'GPU without a name')
}

function shortVendor(text: string): string | null {
  if (/nvidia/i.test(text)) return 'NVIDIA'
  if (/\bamd\b|advanced micro devices|\bati\b|radeon/i.test(text)) return 'AMD'
  if (/intel/i.test(text)) return 'Intel'
  if (/apple/i.test(text)) return 'Apple'
  return text.trim() || null
}
