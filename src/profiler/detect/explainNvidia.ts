import type { NvidiaCause, ProviderFailure } from './knownFailures'
import type { NvidiaSystem } from './nvidiaSystem'

/** How each distribution installs the driver, by ID of /etc/os-release. */
const driverCommands: Readonly<Record<string, string>> = {
  ubuntu: 'sudo ubuntu-drivers install',
  debian: 'sudo apt-get install nvidia-driver',
  fedora: 'sudo dnf install akmod-nvidia xorg-x11-drv-nvidia-cuda',
  arch: 'sudo pacman -S nvidia nvidia-utils',
  'opensuse-tumbleweed': 'sudo zypper install nvidia-compute-G06',
}

/** The failure of a driver, by what the system around it shows. */
export function explainNvidia(
  cause: NvidiaCause,
  failure: ProviderFailure,
  system: NvidiaSystem,
): ProviderFailure {
  if (/version mismatch/i.test(system.smiProblem ?? ''))
    return {
      reason: 'the NVIDIA driver was updated, and the old one is still loaded',
      fix: 'Restart the machine',
      command: 'sudo reboot',
    }
  switch (cause) {
    case 'noDriverLibrary':
      return withoutLibrary(failure, system)
    case 'noDevice':
      return withoutDevice(failure, system)
    case 'driverTooOld':
      return { ...failure, ...tooOld(failure, system) }
    case 'driverMismatch':
      return failure
  }
}

function withoutLibrary(failure: ProviderFailure, system: NvidiaSystem): ProviderFailure {
  if (system.isWsl)
    return {
      reason: `${failure.reason}: in WSL it is Windows' driver, in a folder that is not searched`,
      fix: "Update Windows' NVIDIA driver, and let Headroom search its folder",
      command: 'export LD_LIBRARY_PATH=/usr/lib/wsl/lib',
    }
  if (system.inContainer) {
    if (system.kernelDriver !== null || system.hasGpu) return notGiven(system)
  } else if (system.kernelDriver !== null)
    return {
      reason: `the NVIDIA driver ${system.kernelDriver} is loaded, and its library for CUDA is not installed (libcuda.so.1 not found)`,
      fix: "Install the driver's compute libraries",
      command: driverCommand(system),
    }
  if (!system.hasGpu)
    return {
      reason: 'there is no NVIDIA GPU in this machine, and no driver (libcuda.so.1 not found)',
      fix: null,
      command: null,
    }
  return { ...failure, command: driverCommand(system) }
}

function withoutDevice(failure: ProviderFailure, system: NvidiaSystem): ProviderFailure {
  const { cudaVisibleDevices: list } = system
  if (list !== undefined && !/^\s*(\d|GPU-|MIG-)/.test(list))
    return {
      reason: `CUDA_VISIBLE_DEVICES="${list}" hides every GPU`,
      fix: 'Unset it, or let it name a GPU that nvidia-smi lists',
      command: 'unset CUDA_VISIBLE_DEVICES',
    }
  if (system.isMigWithoutInstances)
    return {
      reason: 'MIG is on and the GPU has no instance to compute on',
      fix: 'Make an instance of the whole GPU (profile 0), or turn MIG off with nvidia-smi -mig 0',
      command: 'sudo nvidia-smi mig -cgi 0 -C',
    }
  if (system.deviceFiles === 'denied')
    return {
      reason: 'this user may not open the GPU (/dev/nvidia0: permission denied)',
      fix: 'Add the user to the group that owns the file, then log in again',
      command: 'sudo usermod -aG video,render "$USER"',
    }
  if (system.deviceFiles === 'missing' && !system.isWsl) {
    if (system.inContainer) return notGiven(system)
    return {
      reason: 'the files of the GPU are missing (/dev/nvidia0)',
      fix: 'Load the driver, which makes them',
      command: 'sudo nvidia-modprobe -u -c 0',
    }
  }
  if (list !== undefined)
    return {
      reason: `CUDA_VISIBLE_DEVICES="${list}" names no GPU that is there`,
      fix: 'Unset it, or let it name a GPU that nvidia-smi lists',
      command: 'unset CUDA_VISIBLE_DEVICES',
    }
  return failure
}

function notGiven({ kernelDriver }: NvidiaSystem): ProviderFailure {
  const driver = kernelDriver === null ? '' : ` (driver ${kernelDriver} is loaded outside)`
  return {
    reason: `this container was not given the GPU${driver}`,
    fix: 'Start the container with the GPU; the host needs the NVIDIA Container Toolkit',
    command: 'docker run --gpus all …',
  }
}

function tooOld(failure: ProviderFailure, system: NvidiaSystem): Partial<ProviderFailure> {
  const { kernelDriver } = system
  return {
    reason:
      kernelDriver === null
        ? failure.reason
        : `the NVIDIA driver ${kernelDriver} is older than ONNX Runtime's CUDA needs`,
    command: driverCommand(system),
  }
}

function driverCommand({ distribution, inContainer }: NvidiaSystem): string | null {
  // In a container the driver is the host's.
  return inContainer || distribution === null ? null : (driverCommands[distribution] ?? null)
}
