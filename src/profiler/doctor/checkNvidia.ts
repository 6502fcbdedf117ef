import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { DevicesReport } from '../../core/device'
import type { DoctorCheck } from '../../core/doctor/doctorReport'
import type { CudaSetupReport } from '../../protocol/cudaSetup'
import type { NvidiaReport } from '../detect/nvidiaSmi'
import { runCommand } from '../detect/runCommand'

const setUp = { fix: 'Let Headroom fetch it into its data folder', command: 'headroom setup cuda' }
const nothing = { fix: null, command: null }

/** NVIDIA's driver, as nvidia-smi and so NVML see it. */
export function checkDriver({ status, gpus, problem }: NvidiaReport): DoctorCheck {
  const check = { name: 'driver', ...nothing } as const
  const [gpu] = gpus
  if (gpu) {
    const version = gpu.driverVersion ?? 'of unknown version'
    const count = gpus.length === 1 ? '1 GPU' : `${gpus.length} GPUs`
    return { ...check, status: 'ok', found: `NVIDIA driver ${version}, ${count}` }
  }
  switch (status) {
    case 'missing':
      return { ...check, status: 'absent', found: 'no nvidia-smi: no NVIDIA driver here' }
    case 'timedOut':
      return {
        ...check,
        status: 'failed',
        found: 'nvidia-smi does not answer: the driver hangs',
        fix: "Restart the machine; the kernel's log says what happened",
        command: 'sudo dmesg | grep -i xid',
      }
    case 'ok':
    case 'failed': {
      const isMismatch = /version mismatch/i.test(problem ?? '')
      return {
        ...check,
        status: 'failed',
        found: problem ?? 'nvidia-smi finds no GPU',
        fix: isMismatch
          ? 'The driver was updated and the old one is still loaded: restart the machine'
          : "The kernel's log says why the driver found none",
        command: isMismatch ? 'sudo reboot' : 'sudo dmesg | grep -i nvrm',
      }
    }
  }
}

/** What `headroom setup cuda` made. */
export function checkCuda(setup: CudaSetupReport, machine: DevicesReport): DoctorCheck {
  const { state, cudaMajor, onnxruntimeVersion, wanted } = setup
  const check = { name: 'cuda', ...nothing } as const
  const isUsable = machine.executionProviders.some(({ name, usable }) => name === 'cuda' && usable)
  switch (state) {
    case 'ready':
      return {
        ...check,
        status: 'ok',
        found: `CUDA ${cudaMajor ?? '?'} is set up for ONNX Runtime ${onnxruntimeVersion}`,
      }
    case 'absent':
      return isUsable
        ? { ...check, status: 'ok', found: 'CUDA of the system is used' }
        : { ...check, status: 'absent', found: 'CUDA is not set up' }
    case 'incomplete':
      return {
        ...check,
        ...setUp,
        status: 'failed',
        found: `a set-up of CUDA broke off; missing: ${wanted.join(', ')}`,
      }
    case 'otherVersion':
      return {
        ...check,
        ...setUp,
        status: 'failed',
        found: `CUDA is set up for another ONNX Runtime than ${onnxruntimeVersion}`,
      }
    case 'damaged':
      return {
        ...check,
        ...setUp,
        status: 'failed',
        found: `files of the CUDA that was set up are missing: ${wanted.join(', ')}`,
      }
  }
}

const cudnn = 'libcudnn.so.9'

/** cuDNN is looked for only when a convolution runs, so that no provider misses it before. */
export async function checkCudnn(
  libraries: string,
  environment: NodeJS.ProcessEnv,
): Promise<DoctorCheck> {
  const searched = [libraries, ...(environment.LD_LIBRARY_PATH ?? '').split(delimiter)]
  for (const folder of searched.filter(Boolean)) {
    if (await isThere(join(folder, cudnn))) return found()
  }
  const cache = await runCommand('ldconfig', ['-p'], 2000)
  if (cache.stdout.includes(cudnn)) return found()
  return {
    name: 'cudnn',
    ...setUp,
    status: 'warning',
    found: `cuDNN is missing (${cudnn} not found): networks with convolutions do not run on CUDA`,
  }
}

const found = (): DoctorCheck => ({
  name: 'cudnn',
  status: 'ok',
  found: 'cuDNN 9 is there',
  ...nothing,
})

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
