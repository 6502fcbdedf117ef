import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAmdGpus } from './amdGpus'
import { linkGeneration, sysfsNumber } from './sysfsValues'

// Recorded on a machine with an AMD and an Intel GPU: prometheus/procfs, see sources.json.
const recorded = JSON.parse(
  readFileSync('test/data/gpuAnswers/sysfs/vega-20-and-i915.json', 'utf8'),
) as Record<string, string>

describe.skipIf(process.platform === 'win32')('AMD GPUs by the files of their driver', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'headroom-drm-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), `${text}\n`)
    }
  }

  it('are read, the Intel one beside them is not', () => {
    write(recorded)
    const gpus = openAmdGpus(1, folder)
    expect(gpus).toMatchObject([
      { id: 'gpu-1', source: 'amdgpu', uuid: '0123456789abcdef', name: 'AMD GPU 0x687f at device' },
    ])
    expect(gpus[0]!.readFast()).toMatchObject({
      memoryTotalBytes: 8_573_157_376,
      memoryUsedBytes: 1_490_378_752,
      memoryFreeBytes: 8_573_157_376 - 1_490_378_752,
      spillBytes: 144_560_128,
      gpuUtilizationPercent: 4,
      memoryUtilizationPercent: null, // no such file there
      powerDrawWatts: null,
      clocksEventReasons: null,
    })
    expect(gpus[0]!.readSlow()).toMatchObject({
      pcieGeneration: 3, // 8.0 GT/s
      pcieWidth: 16,
      processes: null,
    })
  })

  // Constructed: the units of kernel.org's hwmon interface (µW, m°C, Hz, 0…255).
  it('tell power, clocks and temperature by their sensors', () => {
    write({
      'card0/device/vendor': '0x1002',
      'card0/device/product_name': 'AMD Instinct MI210',
      'card0/device/mem_info_vram_total': '68702699520',
      'card0/device/mem_info_vram_used': '10485760',
      'card0/device/hwmon/hwmon4/power1_average': '41000000',
      'card0/device/hwmon/hwmon4/power1_cap': '300000000',
      'card0/device/hwmon/hwmon4/temp1_input': '47000',
      'card0/device/hwmon/hwmon4/freq1_input': '1700000000',
      'card0/device/hwmon/hwmon4/freq2_input': '1600000000',
      'card0/device/hwmon/hwmon4/pwm1': '51',
    })
    const [gpu] = openAmdGpus(0, folder)
    expect(gpu!.name).toBe('AMD Instinct MI210')
    expect(gpu!.readFast()).toMatchObject({
      powerDrawWatts: 41,
      powerLimitWatts: 300,
      temperatureCelsius: 47,
      smClockMHz: 1700,
      memoryClockMHz: 1600,
    })
    expect(gpu!.readSlow().fanPercent).toBeCloseTo(20) // 51 of 255
  })

  it('say that one fell off the bus', () => {
    write(recorded)
    const [gpu] = openAmdGpus(0, folder)
    rmSync(join(folder, 'card0/device/mem_info_vram_total'))
    expect(() => gpu!.readFast()).toThrow('no longer answers')
  })

  it('are none where there is no such folder', () => {
    expect(openAmdGpus(0, join(folder, 'none'))).toEqual([])
  })
})

it.each([
  ['16.0 GT/s PCIe', 4],
  ['2.5 GT/s PCIe', 1],
  ['Unknown', null],
  ['9.0 GT/s', null],
  [null, null],
])('a link of %j is of generation %j', (text, generation) => {
  expect(linkGeneration(text)).toBe(generation)
})

it.each([
  ['12\n', 12],
  ['', null],
  ['-3', null],
  ['0x10', null],
  [null, null],
])('a file with %j says %j', (text, value) => {
  expect(sysfsNumber(text)).toBe(value)
})
