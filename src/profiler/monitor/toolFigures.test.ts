import { describe, expect, it } from 'vitest'
import { GiB, MiB } from '../../core/units'
import { parseAmdSmi } from './amdSmiFigures'
import { describeControllers } from './graphicsFigures'
import { parseIoreg } from './ioregFigures'

// Constructed after answers in public threads: henrygd/beszel issue 737 (Radeon Pro W7700) and
// ROCm/rocm-systems pull request 2720 (a laptop's GPU that reports nothing).
describe('amd-smi metric --json', () => {
  const amount = (value: number | string, unit: string) => ({ value, unit })
  const w7700 = {
    gpu: 0,
    usage: {
      gfx_activity: amount(42, '%'),
      umc_activity: amount(1, '%'),
      vcn_activity: [amount(0, '%'), 'N/A'],
    },
    power: { socket_power: amount(96, 'W'), gfx_voltage: amount('N/A', 'mV') },
    clock: {
      gfx_0: { clk: amount(2400, 'MHz'), max_clk: amount(2850, 'MHz') },
      mem_0: { clk: amount(1124, 'MHz'), max_clk: 'N/A' },
    },
    temperature: { edge: 'N/A', hotspot: amount(61, 'C') },
    pcie: { width: 16, speed: amount(16, 'GT/s') },
    fan: { usage: amount(29.8, '%') },
    mem_usage: {
      total_vram: amount(16_368, 'MB'),
      used_vram: amount(2048, 'MB'),
      free_vram: amount(14_320, 'MB'),
      used_gtt: amount(65, 'MB'),
    },
  }

  it.each([
    ['a list, before ROCm 7', [w7700]],
    ['an object, from ROCm 7 on', { gpu_data: [w7700] }],
  ])('is read as %s', (_name, document) => {
    expect(parseAmdSmi(JSON.stringify(document))).toMatchObject([
      {
        gpu: { id: 'gpu-0', source: 'amd-smi' },
        fast: {
          memoryTotalBytes: 16_368 * MiB,
          memoryUsedBytes: 2048 * MiB,
          spillBytes: 65 * MiB,
          gpuUtilizationPercent: 42,
          powerDrawWatts: 96,
          smClockMHz: 2400,
          temperatureCelsius: 61, // of the hottest spot where the edge is not told
          clocksEventReasons: null,
        },
        slow: { smClockMaxMHz: 2850, memoryClockMaxMHz: null, fanPercent: 29.8, pcieWidth: 16 },
      },
    ])
  })

  it('takes N/A for unknown, even where a group should be', () => {
    const nothing = { gpu: 0, usage: 'N/A', power: { socket_power: 'N/A' }, mem_usage: null }
    const text = `'CTRL' + 'C' to stop watching output:\n${JSON.stringify([nothing])}`
    expect(parseAmdSmi(text)).toMatchObject([
      { fast: { gpuUtilizationPercent: null, powerDrawWatts: null, memoryUsedBytes: null } },
    ])
  })

  it.each(['', 'ERROR: no driver', '[{"gpu": 0', '{"gpu_data": 7}', '[null, 3, {"gpu": "x"}]'])(
    'finds no GPU in %j',
    (text) => expect(parseAmdSmi(text)).toEqual([]),
  )
})

// Constructed in the form of `ioreg -r -d 1 -w 0 -c IOAccelerator`.
describe('ioreg', () => {
  const object = (statistics: string) =>
    `+-o AGXAcceleratorG13X  <class AGXAcceleratorG13X, id 0x100000414>\n    {\n      "model" = "Apple M1 Pro"\n      "PerformanceStatistics" = {${statistics}}\n    }\n`

  it('tells use and memory, not those of the driver', () => {
    const text = object(
      '"In use system memory (driver)"=5,"Alloc system memory"=9,"Device Utilization %"=16,"In use system memory"=2363801600',
    )
    expect(parseIoreg(text, 32 * GiB)).toMatchObject([
      {
        gpu: { id: 'gpu-0', name: 'Apple M1 Pro', source: 'ioreg' },
        fast: {
          memoryTotalBytes: 32 * GiB,
          memoryUsedBytes: 2_363_801_600,
          gpuUtilizationPercent: 16,
        },
      },
    ])
  })

  it('leaves a gap where a figure is missing, and no GPU where there are no statistics', () => {
    expect(parseIoreg(object('"Tiler Utilization %"=3'), GiB)[0]!.fast.memoryUsedBytes).toBeNull()
    expect(parseIoreg('+-o IOAccelerator\n  {\n  }\n', GiB)).toEqual([])
    expect(parseIoreg('', GiB)).toEqual([])
  })
})

describe('systeminformation', () => {
  it('is asked for what moves; a controller of which nothing is told is no GPU here', () => {
    const controllers = [
      { vendor: 'Intel', model: 'UHD 770' },
      { vendor: 'NVIDIA', model: 'RTX 3060', memoryUsed: 512, temperatureGpu: 50 },
      { vendor: 'ASPEED', model: 'ASPEED Graphics Family', temperatureGpu: 40 },
    ]
    expect(describeControllers(controllers)).toMatchObject([
      {
        gpu: { name: 'RTX 3060', source: 'systeminformation' },
        fast: { memoryUsedBytes: 512 * MiB, temperatureCelsius: 50, powerDrawWatts: null },
      },
    ])
  })
})
