import { describe, expect, it } from 'vitest'
import { builtInGpus } from './builtInGpus'
import { findGpu, type GpuSpec, matchGpuByName, usableBytes } from './gpus'
import { GiB, MiB } from './units'

function gpu(id: string): GpuSpec {
  const spec = findGpu(builtInGpus, id)
  if (spec === null) throw new Error(`no GPU ${id}`)
  return spec
}

describe('the table of GPUs', () => {
  it('has at least 60 rows with ids of their own, from every vendor and segment', () => {
    expect(builtInGpus.length).toBeGreaterThanOrEqual(60)
    expect(new Set(builtInGpus.map(({ id }) => id)).size).toBe(builtInGpus.length)
    expect(new Set(builtInGpus.map(({ vendor }) => vendor)).size).toBe(4)
    expect(new Set(builtInGpus.map(({ segment }) => segment)).size).toBe(3)
  })

  it.each(
    't4 l4 l40s a10 a10g v100-16gb v100-32gb p100-16gb a100-40gb a100-80gb h100-pcie h100-sxm h100-nvl h200 b200 gh200 mi250x mi300x mi325x rtx-2080-ti rtx-3090 rtx-4090 rtx-5090 rtx-a6000 rtx-6000-ada apple-m4-max gaudi-3'.split(
      ' ',
    ),
  )('has %s with memory and bandwidth', (id) => {
    expect(gpu(id).memoryMarketedBytes).not.toBeNull()
    expect(gpu(id).bandwidthBytesPerSecond).not.toBeNull()
  })

  it('holds the three memories of a T4', () => {
    const t4 = gpu('t4')
    expect(t4.memoryMarketedBytes?.value).toBe(16 * GiB)
    expect(t4.memoryTotalBytes?.value).toBe(15_360 * MiB)
    expect(t4.memoryVisibleBytes?.value).toBe(14_912 * MiB)
  })

  it('orders each row: visible ≤ total ≤ marketed', () => {
    for (const spec of builtInGpus) {
      const marketed = spec.memoryMarketedBytes?.value ?? Infinity
      const total = spec.memoryTotalBytes?.value ?? marketed
      const visible = spec.memoryVisibleBytes?.value ?? total
      // NVIDIA rounds 95,830 MiB to "94 GB" and 189,471 MiB to "186 GB": half a GiB is allowed for.
      expect(total, spec.id).toBeLessThanOrEqual(marketed + 0.5 * GiB)
      expect(total, spec.id).toBeGreaterThan(0.85 * marketed)
      expect(visible, spec.id).toBeLessThanOrEqual(total)
      expect(visible, spec.id).toBeGreaterThan(0.92 * total)
    }
  })

  it('counts dense rates: fp16 is twice tf32, and an H100 has 989.5, not 1979, TFLOPS', () => {
    expect(gpu('h100-sxm').denseFlopsPerSecond?.fp16).toBe(1979e12 / 2)
    for (const { id, vendor, denseFlopsPerSecond: rates } of builtInGpus) {
      if (vendor !== 'NVIDIA' || !rates?.tf32 || !rates.fp16) continue
      expect(Math.abs(rates.fp16 / rates.tf32 - 2), id).toBeLessThan(0.05)
    }
  })

  it('derives consumer cards to the rates published for their flagships', () => {
    // As cited for the Ada whitepaper (not re-read), RTX 4090: 165.2 TFLOPS fp16 with fp32 accumulation, 660.6 TOPS int8
    expect(gpu('rtx-4090').denseFlopsPerSecond?.fp16).toBe(165.2e12)
    expect(gpu('rtx-4090').denseFlopsPerSecond?.int8).toBe(660.6e12)
    // As cited for the GA102 whitepaper (not re-read), RTX 3090: 71 and 35.6
    expect(gpu('rtx-3090').denseFlopsPerSecond?.bf16).toBeCloseTo(71e12, -12)
    expect(gpu('rtx-3090').denseFlopsPerSecond?.tf32).toBe(35.58e12)
  })

  it('names a field of the row in every second opinion, with another value', () => {
    for (const spec of builtInGpus) {
      for (const { field, value } of spec.alsoPublished) {
        const [name = '', part] = field.split('.')
        const entry: unknown = Object.entries(spec).find(([key]) => key === name)?.[1]
        expect(entry, `${spec.id} ${field}`).toEqual(
          expect.objectContaining({ [part ?? 'value']: expect.any(Number) }),
        )
        expect(entry).not.toEqual(expect.objectContaining({ [part ?? 'value']: value }))
      }
    }
  })
})

describe('matchGpuByName', () => {
  it.each([
    ['Tesla T4', 't4'],
    ['NVIDIA GeForce RTX 4090', 'rtx-4090'],
    ['GeForce RTX 2080 Ti', 'rtx-2080-ti'],
    ['NVIDIA A100-SXM4-80GB', 'a100-80gb'],
    ['A100-SXM4-40GB', 'a100-40gb'],
    ['NVIDIA H100 80GB HBM3', 'h100-sxm'],
    ['NVIDIA H100 PCIe', 'h100-pcie'],
    ['Tesla V100-SXM2-16GB', 'v100-16gb'],
    ['AMD Instinct MI300X OAM', 'mi300x'],
    ['Apple M4 Max', 'apple-m4-max'],
    ['NVIDIA RTX 6000 Ada Generation', 'rtx-6000-ada'],
    ['Quadro RTX 6000', 'quadro-rtx-6000'],
  ])('takes %s for %s', (name, id) => expect(matchGpuByName(builtInGpus, name)?.id).toBe(id))

  it('tells cards of one name apart by their memory, and guesses nothing without it', () => {
    const name = 'NVIDIA GeForce RTX 4060 Ti'
    expect(matchGpuByName(builtInGpus, name)).toBeNull()
    expect(matchGpuByName(builtInGpus, name, 8188 * MiB)?.id).toBe('rtx-4060-ti-8gb')
    expect(matchGpuByName(builtInGpus, name, 16_380 * MiB)?.id).toBe('rtx-4060-ti-16gb')
  })

  it.each(['NVIDIA GeForce RTX 4090 Laptop GPU', 'NVIDIA A100', '', 'Voodoo2'])(
    'does not know "%s"',
    (name) => expect(matchGpuByName(builtInGpus, name)).toBeNull(),
  )
})

describe('usableBytes', () => {
  it('is what CUDA sees where somebody printed it', () => {
    expect(usableBytes(gpu('t4'))).toEqual({ usableBytes: 14_912 * MiB, assumption: null })
  })

  it('is 0.97 × the total elsewhere, and says so', () => {
    const a10g = usableBytes(gpu('a10g'))
    expect(a10g?.usableBytes).toBe(Math.floor(0.97 * 23_028 * MiB))
    expect(a10g?.assumption).toMatch(/0\.97 × the total 22\.5 GiB/)
    expect(usableBytes(gpu('mi300x'))?.assumption).toMatch(/marketed 192 GiB/)
  })

  it('is unknown without any figure', () => {
    const unknown = { memoryMarketedBytes: null, memoryTotalBytes: null, memoryVisibleBytes: null }
    expect(usableBytes({ ...gpu('t4'), ...unknown })).toBeNull()
  })
})
