import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MiB } from '../../core/units'
import { parseNvidiaSmi, readNvidiaSmi } from './nvidiaSmi'

const header =
  'index, uuid, name, memory.total [MiB], memory.free [MiB], driver_version, compute_cap, power.limit [W], mig.mode.current'
const t4 =
  '0, GPU-2b1e0c55-6d3c-4c62-9a7e-0f4c6b6b1a11, Tesla T4, 15360 MiB, 14918 MiB, 550.54.15, 7.5, 70.00 W, [N/A]'

describe('what nvidia-smi prints', () => {
  it('is read with its units: a T4 of 15 360 MiB and 70 W', () => {
    expect(parseNvidiaSmi(`${header}\n${t4}\n`)).toEqual([
      {
        index: 0,
        uuid: 'GPU-2b1e0c55-6d3c-4c62-9a7e-0f4c6b6b1a11',
        name: 'Tesla T4',
        memoryTotalBytes: 15_360 * MiB,
        memoryFreeBytes: 14_918 * MiB,
        driverVersion: '550.54.15',
        computeCapability: '7.5',
        powerLimitWatts: 70,
        migEnabled: false,
      },
    ])
  })

  it('keeps several GPUs in their order', () => {
    const rows = [0, 1, 2, 3, 15].map(
      (i) =>
        `${i}, GPU-${i}, NVIDIA H100 80GB HBM3, 81559 MiB, 81008 MiB, 570.86.15, 9.0, 700.00 W, Disabled`,
    )
    const gpus = parseNvidiaSmi([header, ...rows].join('\r\n'))
    expect(gpus.map(({ index }) => index)).toEqual([0, 1, 2, 3, 15])
  })

  it.each([
    '[N/A]',
    '[Not Supported]',
    'N/A',
    '[Unknown Error]',
    '[GPU is lost]',
    '[Insufficient Permissions]',
    'ERR!',
  ])('takes %s for unknown, not for 0', (word) => {
    const [gpu] = parseNvidiaSmi(
      `${header}\n0, ${word}, Orin (nvgpu), ${word}, ${word}, 540.4.0, 8.7, ${word}, ${word}`,
    )
    expect(gpu).toMatchObject({
      uuid: null,
      memoryTotalBytes: null,
      memoryFreeBytes: null,
      powerLimitWatts: null,
      computeCapability: '8.7',
      migEnabled: false,
    })
  })

  it('says when a GPU is cut into instances', () => {
    const row =
      '0, GPU-1, NVIDIA A100-SXM4-40GB, 40960 MiB, 40320 MiB, 535.129.03, 8.0, 400.00 W, Enabled'
    expect(parseNvidiaSmi(`${header}\n${row}`)[0]?.migEnabled).toBe(true)
  })

  it('reads cells without units, and a comma for the point', () => {
    const row = '0, GPU-1, NVIDIA GeForce RTX 3090, 24576, 23000, 531.14, 8.6, 350,00 W, [N/A]'
    expect(parseNvidiaSmi(`${header}\n${row}`)[0]).toMatchObject({
      memoryTotalBytes: 24_576 * MiB,
      powerLimitWatts: 350,
    })
  })

  it('finds the columns by name where an old one knows fewer', () => {
    const csv =
      'index, name, driver_version, memory.total [MiB]\n0, Tesla K80, 418.67, 11441 MiB\n1, Tesla K80, 418.67, 11441 MiB'
    expect(parseNvidiaSmi(csv)[1]).toMatchObject({
      index: 1,
      name: 'Tesla K80',
      driverVersion: '418.67',
      memoryTotalBytes: 11_441 * MiB,
      memoryFreeBytes: null,
      computeCapability: null,
    })
  })

  it('passes over warnings and cut rows', () => {
    const csv = `WARNING: infoROM is corrupted at gpu 0000:00:1E.0\n${header}\n${t4}\n1, GPU-2, Tesla`
    expect(parseNvidiaSmi(csv)).toHaveLength(1)
  })

  it.each([
    ['', 'nothing'],
    ['No devices were found', 'no device'],
    ["NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.", 'no driver'],
    [
      'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 550.90',
      'a mismatch',
    ],
    ['Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error', 'a lost device'],
    ['\0'.repeat(1000), 'no text'],
  ])('%j is no GPU: %s', (text) => {
    expect(parseNvidiaSmi(text)).toEqual([])
  })
})

// A shell script in its place: what is tested is how an answer, or none, is dealt with.
describe.skipIf(process.platform === 'win32')('asking nvidia-smi', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headroom-smi-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function script(name: string, body: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, `#!/bin/sh\n${body}\n`)
    await chmod(path, 0o755)
    return path
  }

  it('asks again without a field that it does not know', async () => {
    const old = await script(
      'old',
      `case "$1" in
        *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;;
        *mig.mode*) echo 'Field "mig.mode.current" is not a valid field to query.'; exit 2;;
      esac
      echo 'index, uuid, name, memory.total [MiB], memory.free [MiB], driver_version, power.limit [W]'
      echo '0, GPU-1, Tesla V100-SXM2-16GB, 16160 MiB, 16160 MiB, 418.87, 300.00 W'`,
    )
    const report = await readNvidiaSmi(old)
    expect(report.gpus).toMatchObject([{ name: 'Tesla V100-SXM2-16GB', computeCapability: null }])
  })

  it('says that it is not there', async () => {
    expect(await readNvidiaSmi(join(folder, 'none'))).toEqual({
      status: 'missing',
      gpus: [],
      migDevices: [],
      problem: null,
    })
  })

  it('hands on what it said when it failed', async () => {
    const failing = await script('failing', 'echo "No devices were found"; exit 6')
    expect(await readNvidiaSmi(failing)).toMatchObject({
      status: 'failed',
      gpus: [],
      problem: 'No devices were found',
    })
  })

  it('does not take the head of a table without rows for an answer: its GPU is lost', async () => {
    const lost = await script('lost', 'echo "index, uuid, name, memory.total [MiB]"')
    expect(await readNvidiaSmi(lost)).toMatchObject({ status: 'ok', gpus: [], problem: null })
  })

  it('ends one that hangs', async () => {
    const hanging = await script('hanging', 'exec sleep 60')
    const begin = performance.now()
    expect(await readNvidiaSmi(hanging)).toMatchObject({ status: 'timedOut', gpus: [] })
    expect(performance.now() - begin).toBeLessThan(20_000)
  })
})
