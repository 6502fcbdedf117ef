import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { MiB } from '../../core/units'
import { parseNvidiaSmi } from '../detect/nvidiaSmi'
import { parseSmiFigures, parseSmiProcesses } from './smiFigures'

const folder = 'test/data/gpuAnswers'
const sources = JSON.parse(readFileSync(`${folder}/sources.json`, 'utf8')) as {
  answers: { file: string; repository: string; path: string; commit: string }[]
}
const answers = (ending: string) =>
  sources.answers.filter(({ file }) => file.endsWith(ending)).map(({ file }) => file)
const read = (file: string) => readFileSync(`${folder}/${file}`, 'utf8')
const parse = (file: string) =>
  parseSmiFigures(read(file), parseSmiProcesses(read(file.replace('-gpus', '-processes'))))

it('every recorded answer names repository, path and commit', () => {
  expect(sources.answers.length).toBeGreaterThanOrEqual(30)
  for (const { repository, path, commit } of sources.answers) {
    expect(repository).toMatch(/^[\w.-]+\/[\w.-]+$/)
    expect(path).not.toBe('')
    expect(commit).toMatch(/^[\da-f]{40}$/)
  }
})

describe('recorded answers of nvidia-smi', () => {
  it.each(answers('-gpus.csv'))('%s holds one GPU whose memory adds up', (file) => {
    const [answer, ...others] = parse(file)
    expect(others).toEqual([])
    const { memoryTotalBytes, memoryReservedBytes, memoryUsedBytes, memoryFreeBytes, ...fast } =
      answer!.fast
    // Each is rounded to a MiB by itself.
    const sum = memoryReservedBytes! + memoryUsedBytes! + memoryFreeBytes!
    expect(Math.abs(sum - memoryTotalBytes!)).toBeLessThanOrEqual(2 * MiB)
    expect(fast.powerLimitWatts).toBeGreaterThan(fast.powerDrawWatts!)
    expect(answer!.slow.smClockMaxMHz).toBeGreaterThanOrEqual(fast.smClockMHz!)
    expect(fast.clocksEventReasons).not.toBeNull()
    expect(answer!.gpu).toMatchObject({ id: 'gpu-0', source: 'nvidia-smi', fault: null })
    // The devices report reads the same table.
    expect(parseNvidiaSmi(reordered(read(file)))[0]).toMatchObject({
      memoryTotalBytes,
      migEnabled: answer!.slow.migEnabled === true,
    })
  })

  it.each(answers('-processes.csv'))('%s lists processes by their file names', (file) => {
    const csv = read(file)
    const processes = [...parseSmiProcesses(csv).values()].flat()
    expect(processes).toHaveLength(csv.trim().split('\n').length - 1)
    for (const { name } of processes) expect(name).toMatch(/^[^/\\]+$/)
    const isWindows = file.includes('windows')
    expect(processes.every(({ usedBytes }) => (usedBytes === null) === isWindows)).toBe(true)
  })

  it('reads an H100 under load, figure by figure', () => {
    const [answer] = parse('nvidia-smi/linux-x86-nvidia-h100-80gb-hbm3-590.48.01-load-gpus.csv')
    expect(answer).toMatchObject({
      gpu: { name: 'NVIDIA H100 80GB HBM3', driverVersion: '590.48.01' },
      fast: {
        memoryTotalBytes: 81_559 * MiB,
        memoryReservedBytes: 479 * MiB,
        memoryUsedBytes: 19_818 * MiB,
        gpuUtilizationPercent: 100,
        memoryUtilizationPercent: 11,
        powerDrawWatts: 631.95,
        powerLimitWatts: 700,
        smClockMHz: 1980,
        memoryClockMHz: 2619,
        temperatureCelsius: 59,
        clocksEventReasons: 0,
        spillBytes: null,
      },
      slow: { fanPercent: null, pcieGeneration: 5, pcieWidth: 16, migEnabled: false },
    })
  })

  it('takes the use of a GPU that is cut into instances for unknown', () => {
    const [answer] = parse('nvidia-smi/linux-x86-nvidia-h100-mig-590.48.01-load-gpus.csv')
    expect(answer!.slow.migEnabled).toBe(true)
    expect(answer!.fast.gpuUtilizationPercent).toBeNull()
    expect(answer!.slow.processes?.map(({ name, usedBytes }) => [name, usedBytes! / MiB])).toEqual([
      ['memhog', 2296],
      ['memhog', 1272],
      ['gpu_burn', 7484],
    ])
  })

  it('tells that an RTX 2080 at rest is held down by its power cap', () => {
    const [answer] = parse(
      'nvidia-smi/linux-x86-nvidia-geforce-rtx-2080-super-595.71.05-idle-gpus.csv',
    )
    expect(answer!.fast.clocksEventReasons).toBe(4)
  })
})

// Constructed after what users report; the words are nvidia-smi's own.
describe('constructed answers of nvidia-smi', () => {
  const header =
    'index, name, uuid, driver_version, memory.total [MiB], memory.reserved [MiB], memory.used [MiB], memory.free [MiB], utilization.gpu [%], power.draw [W], temperature.gpu, clocks_throttle_reasons.active'

  it.each(['[N/A]', '[Not Supported]', 'N/A', '[Unknown Error]', 'ERR!', ''])(
    'takes %j for unknown, not for 0',
    (word) => {
      const row = `0, Orin (nvgpu), ${Array.from({ length: 10 }, () => word).join(', ')}`
      expect(parseSmiFigures(`${header}\n${row}`, null)).toMatchObject([
        {
          fast: {
            memoryTotalBytes: null,
            memoryUsedBytes: null,
            gpuUtilizationPercent: null,
            powerDrawWatts: null,
            clocksEventReasons: null,
          },
          slow: { processes: null },
        },
      ])
    },
  )

  it.each(['GPU requires reset', 'GPU is lost'])('says that one has failed: %s', (word) => {
    const row = `0, NVIDIA H100 80GB HBM3, GPU-1, 570.1, 81559 MiB, 479 MiB, 0 MiB, 81081 MiB, [${word}], [${word}], [${word}], [${word}]`
    expect(parseSmiFigures(`${header}\n${row}`, null)[0]!.gpu.fault).toBe(word)
  })

  it('reads the reasons under the name they had before driver 535', () => {
    const row =
      '0, Tesla T4, GPU-1, 515.105.01, 15360 MiB, 448 MiB, 3 MiB, 14908 MiB, 0 %, 9.81 W, 33, 0x0000000000000020'
    expect(parseSmiFigures(`${header}\n${row}`, null)[0]!.fast.clocksEventReasons).toBe(0x20)
  })

  it('reads a comma for the point', () => {
    const row =
      '0, GeForce, GPU-1, 531.14, 24576 MiB, 300 MiB, 3 MiB, 24000 MiB, 0 %, 31,25 W, 33, 0x1'
    expect(parseSmiFigures(`${header}\n${row}`, null)[0]!.fast.powerDrawWatts).toBe(31.25)
  })

  it('keeps the GPUs that answer where one is cut out of the table', () => {
    const row = (index: number) =>
      `${index}, NVIDIA A100, GPU-${index}, 550.1, 40960 MiB, 600 MiB, 1 MiB, 40000 MiB, 1 %, 50.00 W, 30, 0x0`
    const csv = [header, row(0), 'Unable to determine the device handle for GPU1', row(7)].join(
      '\r\n',
    )
    expect(parseSmiFigures(csv, null).map(({ gpu }) => gpu.id)).toEqual(['gpu-0', 'gpu-7'])
  })

  it.each([
    '',
    'No devices were found',
    'Failed to initialize NVML: Driver/library version mismatch',
    '\0'.repeat(1000),
    'x'.repeat(1_000_000),
  ])('finds no GPU in other words', (text) => {
    expect(parseSmiFigures(text, null)).toEqual([])
    expect(parseSmiProcesses(text).size).toBe(0)
  })

  it('passes over processes of WSL, which have neither number nor name', () => {
    const csv =
      'gpu_uuid, pid, process_name, used_gpu_memory [MiB]\nGPU-1, [Not Found], [Not Found], [N/A]\nGPU-1, 31, , [N/A]'
    expect([...parseSmiProcesses(csv).values()].flat()).toEqual([
      { pid: 31, name: null, usedBytes: null, type: 'compute' },
    ])
  })
})

/** The recorded table with `index` in front, as the devices report asks for it. */
function reordered(csv: string): string {
  return csv
    .trim()
    .split('\n')
    .map((line, place) => {
      const header = csv.split('\n', 1)[0]!.split(', ')
      return [place === 0 ? 'index' : line.split(', ')[header.indexOf('index')], line].join(', ')
    })
    .join('\n')
}
