import type { DoctorCheck } from '../../core/doctor/doctorReport'
import type { NvmlReport } from '../../core/doctor/nvmlReport'
import type { NvidiaSystem } from '../detect/nvidiaSystem'
import type { NvmlAnswer } from './askNvml'

/** What Linux tells of the driver without the driver; `null` on other systems. */
export type KernelView = Pick<
  NvidiaSystem,
  'hasGpu' | 'kernelDriver' | 'deviceFiles' | 'inContainer'
> | null

const check = { name: 'nvml', fix: null, command: null } as const
const kernelLog = {
  fix: "The kernel's log says what happened",
  command: 'sudo dmesg | grep -i -e nvrm -e xid',
}
const restart = {
  fix: 'The driver was updated and the old one is still loaded: restart the machine',
  command: 'sudo reboot',
}
const mismatchCode = 18

/** NVIDIA's management library, asked itself: what the monitor's figures come from. */
export function checkNvml(answer: NvmlAnswer, kernel: KernelView): DoctorCheck {
  switch (answer.status) {
    case 'hung':
      return {
        ...check,
        ...kernelLog,
        status: 'failed',
        found: 'NVML does not answer: the driver hangs',
      }
    case 'ended':
      return {
        ...check,
        ...kernelLog,
        status: 'failed',
        found: `NVML took its process with it: ${answer.reason}`,
      }
    case 'answered':
      if (!answer.report.isLoaded) return notLoaded(kernel)
      return answer.report.gpuCount === null
        ? notStarted(answer.report, kernel)
        : started(answer.report, answer.report.gpuCount, kernel)
  }
}

function notLoaded(kernel: KernelView): DoctorCheck {
  const found = 'NVML (libnvidia-ml.so.1) is not here'
  if (kernel === null || (!kernel.hasGpu && kernel.kernelDriver === null))
    return { ...check, status: 'absent', found: `${found}: no NVIDIA driver` }
  if (kernel.inContainer)
    return {
      ...check,
      status: 'failed',
      found: `${found}, though the host has an NVIDIA GPU`,
      fix: "Start the container with the NVIDIA Container Toolkit, which brings the driver's libraries in",
      command: 'docker run --gpus all …',
    }
  return {
    ...check,
    status: 'failed',
    found:
      kernel.kernelDriver === null
        ? `${found}: the GPU has no driver of NVIDIA's`
        : `${found}, though the kernel has driver ${kernel.kernelDriver}`,
    fix: "Install the driver's libraries from where the driver came from",
    command: null,
  }
}

function notStarted(report: NvmlReport, kernel: KernelView): DoctorCheck {
  const { errorCode, libraryVersion } = report
  const error = report.error ?? 'it does not start'
  const loaded = kernel?.kernelDriver ?? null
  if (errorCode === mismatchCode || differ(libraryVersion, loaded)) {
    const versions =
      libraryVersion !== null && loaded !== null
        ? `the library is of driver ${libraryVersion}, the kernel has ${loaded}`
        : error
    return { ...check, ...restart, status: 'failed', found: `NVML does not start: ${versions}` }
  }
  if (kernel?.deviceFiles === 'denied')
    return {
      ...check,
      status: 'failed',
      found: 'NVML does not start: /dev/nvidia* may not be opened by this user',
      fix: 'Join the group that owns them, then log in again',
      command: 'sudo usermod -aG video "$USER"',
    }
  return { ...check, ...kernelLog, status: 'failed', found: `NVML does not start: ${error}` }
}

function started(report: NvmlReport, gpuCount: number, kernel: KernelView): DoctorCheck {
  const { nvmlVersion, driverVersion, libraryVersion, faults } = report
  const loaded = kernel?.kernelDriver ?? null
  const gpus = gpuCount === 1 ? '1 GPU answers' : `${gpuCount} GPUs answer`
  const version = `NVML ${nvmlVersion ?? 'of unknown version'}`
  const driver = driverVersion === null ? '' : `, driver ${driverVersion}`
  const [fault, ...more] = faults
  if (fault !== undefined)
    return {
      ...check,
      status: 'failed',
      found: `${fault}${more.length > 0 ? `, and ${more.length} more of ${gpuCount}` : ''}`,
      fix: "Reset the GPU or restart the machine; the kernel's log has the XID",
      command: 'sudo dmesg | grep -i xid',
    }
  if (differ(libraryVersion ?? driverVersion, loaded))
    return {
      ...check,
      ...restart,
      status: 'warning',
      found: `${version} of driver ${libraryVersion ?? driverVersion}, but the kernel has ${loaded}`,
    }
  if (gpuCount === 0)
    return {
      ...check,
      ...kernelLog,
      status: kernel?.hasGpu === false ? 'warning' : 'failed',
      found: `${version}${driver} sees no GPU`,
    }
  return { ...check, status: 'ok', found: `${version}${driver}, ${gpus}` }
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b
}
