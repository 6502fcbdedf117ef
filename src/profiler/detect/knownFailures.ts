import type { ExecutionProvider } from '../../core/device'

export interface ProviderFailure {
  /** The exact missing piece, in one line. */
  readonly reason: string
  /** What to do about it: one sentence; null where nothing can be done here. */
  readonly fix: string | null
  /** The one command that does it, to be copied; null where it takes more, or another machine. */
  readonly command: string | null
}

/** Failures whose fix depends on more than the text: explainNvidia.ts looks at the system. */
export type NvidiaCause = 'noDriverLibrary' | 'noDevice' | 'driverTooOld' | 'driverMismatch'

export interface KnownFailure {
  readonly pattern: RegExp
  readonly cause?: NvidiaCause
  readonly explain: (found: string, provider: ExecutionProvider) => ProviderFailure
}

const setUpCuda = 'headroom setup cuda'

const constant =
  (reason: string, fix: string | null, command: string | null = null) =>
  (): ProviderFailure => ({
    reason,
    fix,
    command,
  })

/** Texts of ONNX Runtime 1.30, CUDA 12 and 13, the dynamic linker and Dawn; the first that is found decides. */
export const knownFailures: readonly KnownFailure[] = [
  {
    // Of two linker errors the one about our own library comes first and says nothing new.
    pattern: /(libcuda\.so\.1): cannot open shared object file/,
    cause: 'noDriverLibrary',
    explain: (library) => ({
      reason: `the NVIDIA driver is missing (${library} not found)`,
      fix: 'Install the NVIDIA driver of this system',
      command: null,
    }),
  },
  {
    pattern:
      /(lib(?:cudart|cublas|cublasLt|curand|cufft)\.so\.\d+): cannot open shared object file/,
    explain: (library) => ({
      reason: `the CUDA ${cudaMajor(library)}runtime is missing (${library} not found)`,
      fix: 'Let Headroom fetch it into its data folder',
      command: setUpCuda,
    }),
  },
  {
    pattern: /(libcudnn\S*\.so[.\d]*)(?::|'|"|\s|$)/,
    explain: (library) => ({
      reason: `cuDNN is missing (${library.replace(/\.$/, '')} not found)`,
      fix: 'Let Headroom fetch it into its data folder',
      command: setUpCuda,
    }),
  },
  {
    pattern: /(lib(?:nvinfer|nvonnxparser)\w*\.so[.\d]*): cannot open shared object file/,
    explain: (library) => ({
      reason: `TensorRT is missing (${library} not found)`,
      fix: 'Install TensorRT 10 and add its folder to LD_LIBRARY_PATH, or choose the cuda provider',
      command: null,
    }),
  },
  {
    pattern: /(libonnxruntime_providers_\w+\.so): cannot open shared object file/,
    explain: (library, provider) => ({
      reason: `the ${providerLabel(provider)} library of ONNX Runtime is not installed (${library} not found)`,
      fix:
        provider === 'tensorrt'
          ? 'Choose the cuda provider; Headroom does not set TensorRT up'
          : 'Let Headroom fetch it into its data folder',
      command: provider === 'tensorrt' ? null : setUpCuda,
    }),
  },
  {
    pattern: /version `(GLIBC\w*_[\d.]+)' not found/,
    explain: (version) => ({
      reason: `this system's C library is older than the provider needs (${version})`,
      fix: 'Use a system with glibc 2.28 or newer (Debian 10, Ubuntu 20.04, RHEL 8)',
      command: null,
    }),
  },
  {
    pattern: /(undefined symbol: \w+|version `lib\w+\.so[.\d]*' not found)/,
    explain: (found) => ({
      reason: `the provider and a CUDA library do not belong together (${found})`,
      fix: 'Let Headroom use libraries of its own: take others off LD_LIBRARY_PATH, and set CUDA up',
      command: setUpCuda,
    }),
  },
  {
    pattern: /(file too short|invalid ELF header|wrong ELF class)/,
    explain: (found) => ({
      reason: `a library is damaged (${found})`,
      fix: 'Remove what was set up and fetch it again',
      command: `${setUpCuda} --undo && ${setUpCuda}`,
    }),
  },
  {
    pattern: /(driver version is insufficient|CUDA failure 35\b)/,
    cause: 'driverTooOld',
    explain: constant(
      "the NVIDIA driver is older than ONNX Runtime's CUDA needs",
      'Update the NVIDIA driver (CUDA 13 needs 580 or newer, CUDA 12 needs 525)',
    ),
  },
  {
    pattern: /(no kernel image is available|CUDA failure 209\b)/,
    explain: constant(
      "ONNX Runtime's CUDA library has no code for this GPU's architecture",
      'Use a GPU of compute capability 7.5, 8.0, 8.6, 8.9, 9.0 or 12.0, or the webgpu provider',
      'headroom run --provider webgpu',
    ),
  },
  {
    pattern: /(unsupported display driver|CUDA failure 803\b|[Dd]river\/library version mismatch)/,
    cause: 'driverMismatch',
    explain: constant(
      'the NVIDIA driver was updated, and the old one is still loaded',
      'Restart the machine',
      'sudo reboot',
    ),
  },
  {
    pattern: /(forward compatibility was attempted|CUDA failure 804\b)/,
    explain: constant(
      "a package for newer CUDA on older drivers is in use, which this GPU's kind does not allow",
      'Remove the package cuda-compat, or take its folder off LD_LIBRARY_PATH',
      "sudo apt-get remove 'cuda-compat-*'",
    ),
  },
  {
    pattern: /(system not yet initialized|CUDA failure 802\b)/,
    explain: constant(
      'the GPUs of this machine are joined by NVSwitch, whose service does not run',
      'Start the fabric manager',
      'sudo systemctl start nvidia-fabricmanager',
    ),
  },
  {
    pattern:
      /(no CUDA-capable device|CUDA failure 100\b|invalid device ordinal|CUDA failure 101\b)/,
    cause: 'noDevice',
    explain: constant(
      'CUDA sees no GPU',
      'Check what nvidia-smi lists, and that CUDA_VISIBLE_DEVICES does not hide it',
      'nvidia-smi -L',
    ),
  },
  {
    pattern: /(busy or unavailable|CUDA failure 46\b)/,
    explain: constant(
      'the GPU is reserved by another program (exclusive compute mode)',
      'End that program, or let several share the GPU',
      'sudo nvidia-smi -c 0',
    ),
  },
  {
    pattern: /(uncorrectable ECC error|CUDA failure 214\b)/,
    explain: constant(
      "the GPU's memory has an error that it cannot correct",
      'Reset the GPU; if it comes back, the GPU is broken',
      'sudo nvidia-smi --gpu-reset',
    ),
  },
  {
    pattern: /(GPU is lost|unspecified launch failure|CUDA failure (?:719|999)\b)/,
    explain: constant(
      'the GPU stopped answering',
      "Restart the machine; the kernel's log says what happened",
      'sudo dmesg | grep -i xid',
    ),
  },
  {
    pattern: /(out of memory|CUDA failure 2\b|Failed to allocate memory)/i,
    explain: constant(
      'the device has no memory left for a single operator',
      'End what else uses the GPU, then detect again',
      'nvidia-smi',
    ),
  },
  {
    pattern: /Couldn't load Vulkan: (libvulkan\S*?):/,
    explain: (library) => ({
      reason: `no Vulkan on this system (${library} not found), and WebGPU needs it`,
      fix: "Install libvulkan1 and the GPU's Vulkan driver (mesa-vulkan-drivers, or NVIDIA's own)",
      command: 'sudo apt-get install libvulkan1 mesa-vulkan-drivers',
    }),
  },
  {
    pattern: /(Failed to get a WebGPU adapter|No supported adapters)/,
    explain: constant(
      'WebGPU finds no GPU that it can use',
      "Install the GPU's driver with Vulkan, Metal or Direct3D 12 support",
    ),
  },
  {
    pattern: /(D3D12CreateDevice|DXGI_ERROR_\w+|no suitable.*adapter)/i,
    explain: (found) => ({
      reason: `DirectML finds no GPU with Direct3D 12 (${found})`,
      fix: "Update Windows and the GPU's driver",
      command: null,
    }),
  },
]

function cudaMajor(library: string): string {
  const major = /^lib(?:cudart|cublas|cublasLt)\.so\.(\d+)/.exec(library)?.[1]
  return major === undefined ? '' : `${major} `
}

function providerLabel(provider: ExecutionProvider): string {
  return provider === 'tensorrt' ? 'TensorRT' : 'CUDA'
}
