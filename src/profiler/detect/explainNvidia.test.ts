import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { explainProviderFailure } from './explainProviderFailure'
import { type NvidiaSystem, readNvidiaSystem } from './nvidiaSystem'

/** A healthy Debian machine with a GPU. */
const healthy: NvidiaSystem = {
  hasGpu: true,
  kernelDriver: '580.65.06',
  deviceFiles: 'usable',
  inContainer: false,
  isWsl: false,
  distribution: 'debian',
  cudaVisibleDevices: undefined,
  smiProblem: null,
  isMigWithoutInstances: false,
}
const noLibrary = 'libcuda.so.1: cannot open shared object file: No such file or directory'
const noDevice =
  'CUDA failure 100: no CUDA-capable device is detected ; GPU=-1 ; expr=cudaSetDevice(info_.device_id);'
const tooOld =
  'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1'
const mismatch = 'Failed to initialize NVML: Driver/library version mismatch'

// What the provider said, what the system shows, what is told, and the one command.
const cases: readonly (readonly [string, string, Partial<NvidiaSystem>, RegExp, string | null])[] =
  [
    [
      'no driver, with a GPU on the bus',
      noLibrary,
      { kernelDriver: null },
      /driver is missing/,
      'sudo apt-get install nvidia-driver',
    ],
    [
      'the same on Ubuntu',
      noLibrary,
      { kernelDriver: null, distribution: 'ubuntu' },
      /driver is missing/,
      'sudo ubuntu-drivers install',
    ],
    [
      'the same on a system whose installer is not known',
      noLibrary,
      { kernelDriver: null, distribution: 'gentoo' },
      /driver is missing/,
      null,
    ],
    [
      'no driver and no GPU',
      noLibrary,
      { kernelDriver: null, hasGpu: false },
      /no NVIDIA GPU in this machine/,
      null,
    ],
    [
      'a driver whose compute libraries were left out',
      noLibrary,
      {},
      /driver 580.65.06 is loaded, and its library for CUDA is not installed/,
      'sudo apt-get install nvidia-driver',
    ],
    [
      'a container that was not given the GPU, without libraries',
      noLibrary,
      { inContainer: true },
      /container was not given the GPU \(driver 580.65.06 is loaded outside\)/,
      'docker run --gpus all …',
    ],
    [
      'a container that was not given the GPU, with libraries',
      noDevice,
      { inContainer: true, deviceFiles: 'missing' },
      /container was not given the GPU/,
      'docker run --gpus all …',
    ],
    [
      "WSL without Windows' folder",
      noLibrary,
      { isWsl: true, kernelDriver: null, hasGpu: false },
      /in WSL it is Windows' driver/,
      'export LD_LIBRARY_PATH=/usr/lib/wsl/lib',
    ],
    [
      'an empty CUDA_VISIBLE_DEVICES',
      noDevice,
      { cudaVisibleDevices: '' },
      /CUDA_VISIBLE_DEVICES="" hides every GPU/,
      'unset CUDA_VISIBLE_DEVICES',
    ],
    [
      'CUDA_VISIBLE_DEVICES=-1',
      noDevice,
      { cudaVisibleDevices: '-1' },
      /"-1" hides every GPU/,
      'unset CUDA_VISIBLE_DEVICES',
    ],
    [
      'CUDA_VISIBLE_DEVICES of a GPU that is not there',
      noDevice,
      { cudaVisibleDevices: '3' },
      /"3" names no GPU/,
      'unset CUDA_VISIBLE_DEVICES',
    ],
    [
      'MIG without an instance',
      noDevice,
      { isMigWithoutInstances: true },
      /MIG is on and the GPU has no instance/,
      'sudo nvidia-smi mig -cgi 0 -C',
    ],
    [
      'no permission',
      noDevice,
      { deviceFiles: 'denied' },
      /may not open the GPU/,
      'sudo usermod -aG video,render "$USER"',
    ],
    [
      'no device files',
      noDevice,
      { deviceFiles: 'missing' },
      /files of the GPU are missing/,
      'sudo nvidia-modprobe -u -c 0',
    ],
    ['nothing of all that', noDevice, {}, /CUDA sees no GPU/, 'nvidia-smi -L'],
    [
      'an old driver',
      tooOld,
      { kernelDriver: '550.54.14' },
      /driver 550.54.14 is older/,
      'sudo apt-get install nvidia-driver',
    ],
    ["an old driver on a container's host", tooOld, { inContainer: true }, /is older/, null],
    [
      'an updated driver that is not loaded yet',
      noDevice,
      { smiProblem: mismatch },
      /was updated, and the old one is still loaded/,
      'sudo reboot',
    ],
  ]

describe('a failure of the driver', () => {
  it.each(cases)('%s', (_what, said, changes, reason, command) => {
    const failure = explainProviderFailure('cuda', said, { ...healthy, ...changes })
    expect(failure.reason).toMatch(reason)
    expect(failure.command).toBe(command)
  })
})

describe('what Linux shows of the driver', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'headroom-system-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
  const read = (environment: NodeJS.ProcessEnv = {}) =>
    readNvidiaSystem({ smiProblem: null, isMigWithoutInstances: false }, environment, root)

  it('is nothing on a machine without one', async () => {
    expect(await read()).toEqual({
      hasGpu: false,
      kernelDriver: null,
      deviceFiles: 'missing',
      inContainer: false,
      isWsl: false,
      distribution: null,
      cudaVisibleDevices: undefined,
      smiProblem: null,
      isMigWithoutInstances: false,
    })
  })

  it('is the GPU, the module and the files on one with', async () => {
    await write('sys/bus/pci/devices/0000:00:1e.0/vendor', '0x10de\n')
    await write('sys/bus/pci/devices/0000:00:1e.0/class', '0x030200\n')
    await write(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder@U22)\nGCC version:  gcc version 12.3.0\n',
    )
    await write('dev/nvidiactl', '')
    await write('dev/nvidia0', '')
    await write('etc/os-release', 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n')
    expect(await read({ CUDA_VISIBLE_DEVICES: '0' })).toMatchObject({
      hasGpu: true,
      kernelDriver: '580.65.06',
      deviceFiles: 'usable',
      distribution: 'ubuntu',
      cudaVisibleDevices: '0',
    })
  })

  it('knows the older module by its words', async () => {
    await write(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX x86_64 Kernel Module  470.256.02  Thu May  2 14:37:44 UTC 2024\n',
    )
    expect(await read()).toMatchObject({ kernelDriver: '470.256.02' })
  })

  it("does not take NVIDIA's sound or network controllers for a GPU", async () => {
    await write('sys/bus/pci/devices/0000:00:1e.1/vendor', '0x10de\n')
    await write('sys/bus/pci/devices/0000:00:1e.1/class', '0x040300\n')
    expect(await read()).toMatchObject({ hasGpu: false })
  })

  it.skipIf(process.getuid?.() === 0)('sees files that may not be opened', async () => {
    await write('dev/nvidiactl', '')
    await chmod(join(root, 'dev/nvidiactl'), 0)
    expect(await read()).toMatchObject({ deviceFiles: 'denied' })
  })

  it.each([
    ['.dockerenv', '', { inContainer: true }],
    ['run/.containerenv', '', { inContainer: true }],
    ['proc/1/cgroup', '0::/kubepods/burstable/pod1/abc\n', { inContainer: true }],
    ['proc/sys/kernel/osrelease', '6.6.87.2-microsoft-standard-WSL2\n', { isWsl: true }],
  ])('knows where it is by %s', async (path, text, shown) => {
    await write(path, text)
    expect(await read()).toMatchObject(shown)
  })
})
