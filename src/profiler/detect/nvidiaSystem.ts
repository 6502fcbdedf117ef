import { constants } from 'node:fs'
import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What Linux shows of NVIDIA's driver without asking the driver. */
export interface NvidiaSystem {
  /** Whether a GPU of NVIDIA's is on the PCI bus; a container sees the host's. */
  readonly hasGpu: boolean
  /** Version of the kernel's module; null where none is loaded. */
  readonly kernelDriver: string | null
  /** /dev/nvidiactl and /dev/nvidia0. */
  readonly deviceFiles: 'usable' | 'denied' | 'missing'
  readonly inContainer: boolean
  readonly isWsl: boolean
  /** Of /etc/os-release: `debian`, `ubuntu`, `fedora`; null where there is none. */
  readonly distribution: string | null
  /** A list that hides GPUs from CUDA; undefined where it is not set. */
  readonly cudaVisibleDevices: string | undefined
  /** What nvidia-smi said where it found nothing. */
  readonly smiProblem: string | null
  /** Whether a GPU is cut up (MIG) and has no instance to compute on. */
  readonly isMigWithoutInstances: boolean
}

/** Reads it below `root`, which tests replace. Never throws. */
export async function readNvidiaSystem(
  smi: Pick<NvidiaSystem, 'smiProblem' | 'isMigWithoutInstances'>,
  environment: NodeJS.ProcessEnv,
  root = '/',
): Promise<NvidiaSystem> {
  const read = (path: string) => readFile(join(root, path), 'utf8').catch(() => null)
  const [version, release, kernel, cgroup, devices, isDocker, isPodman] = await Promise.all([
    read('proc/driver/nvidia/version'),
    read('etc/os-release'),
    read('proc/sys/kernel/osrelease'),
    read('proc/1/cgroup'),
    deviceFiles(root),
    exists(join(root, '.dockerenv')),
    exists(join(root, 'run/.containerenv')),
  ])
  return {
    ...smi,
    hasGpu: await hasNvidiaGpu(root),
    kernelDriver: /Kernel Module(?: for \S+)?\s+([\d.]+)/.exec(version ?? '')?.[1] ?? null,
    deviceFiles: devices,
    inContainer: isDocker || isPodman || /docker|kubepods|containerd|lxc/.test(cgroup ?? ''),
    isWsl: /microsoft/i.test(kernel ?? ''),
    distribution: /^ID="?([\w-]+)"?$/m.exec(release ?? '')?.[1] ?? null,
    cudaVisibleDevices: environment.CUDA_VISIBLE_DEVICES,
  }
}

async function deviceFiles(root: string): Promise<NvidiaSystem['deviceFiles']> {
  for (const name of ['nvidiactl', 'nvidia0']) {
    const path = join(root, 'dev', name)
    if (!(await exists(path))) return 'missing'
    const isUsable = await access(path, constants.R_OK | constants.W_OK).then(
      () => true,
      () => false,
    )
    if (!isUsable) return 'denied'
  }
  return 'usable'
}

/** 0x10de is NVIDIA, 0x03…… a display or 3D controller. */
async function hasNvidiaGpu(root: string): Promise<boolean> {
  const bus = join(root, 'sys/bus/pci/devices')
  const devices = await readdir(bus).catch(() => [])
  const found = await Promise.all(
    devices.map(async (device) => {
      const [vendor, kind] = await Promise.all(
        ['vendor', 'class'].map((file) =>
          readFile(join(bus, device, file), 'utf8').catch(() => ''),
        ),
      )
      return vendor!.trim() === '0x10de' && kind!.startsWith('0x03')
    }),
  )
  return found.includes(true)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
