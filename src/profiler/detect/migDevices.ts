import { knownBytes } from './csvCells'

/** An instance of a GPU that is cut up (MIG): what CUDA computes on instead of the whole. */
export interface MigDevice {
  readonly gpuIndex: number
  readonly index: number
  /** `3g.20gb`; null where the driver does not print it. */
  readonly profile: string | null
  readonly memoryTotalBytes: number | null
  readonly memoryFreeBytes: number | null
}

/**
 * Reads the instances out of `nvidia-smi -q -x`, the only form that carries their memory. GPUs stand
 * in it in the order of their indices.
 */
export function parseMigDevices(xml: string): MigDevice[] {
  return elements(xml, 'gpu').flatMap((gpu, gpuIndex) =>
    elements(gpu, 'mig_device').map((device, place) => {
      const memory = elements(device, 'fb_memory_usage')[0] ?? ''
      const number = Number(text(device, 'index') ?? place)
      return {
        gpuIndex,
        index: Number.isInteger(number) ? number : place,
        profile: text(device, 'mig_profile'),
        memoryTotalBytes: knownBytes(text(memory, 'total') ?? undefined),
        memoryFreeBytes: knownBytes(text(memory, 'free') ?? undefined),
      }
    }),
  )
}

/** What is inside each `<name …>`: nvidia-smi's elements of one name never contain each other. */
function elements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>(.*?)</${name}>`, 'gs'))].map(
    (match) => match[1]!,
  )
}

function text(xml: string, name: string): string | null {
  return elements(xml, name)[0]?.trim() ?? null
}
