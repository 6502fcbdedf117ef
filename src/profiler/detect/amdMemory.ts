import { readdir, readFile, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'

export interface AmdMemory {
  readonly totalBytes: number
  readonly freeBytes: number | null
}

/**
 * Memory of the GPU at this PCI address (`03:00.0`) by the amdgpu driver, in bytes; null where the
 * driver is not loaded.
 */
export async function readAmdMemory(
  busAddress: string,
  folder = '/sys/class/drm',
): Promise<AmdMemory | null> {
  const cards = await readdir(folder).catch(() => [])
  for (const card of cards.filter((name) => /^card\d+$/.test(name))) {
    const device = await realpath(join(folder, card, 'device')).catch(() => null)
    if (device === null || !basename(device).endsWith(busAddress)) continue
    const total = await readBytes(join(device, 'mem_info_vram_total'))
    const used = await readBytes(join(device, 'mem_info_vram_used'))
    if (total === null) continue
    return { totalBytes: total, freeBytes: used === null ? null : total - used }
  }
  return null
}

async function readBytes(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return /^\d+\s*$/.test(text) ? Number(text) : null
}
