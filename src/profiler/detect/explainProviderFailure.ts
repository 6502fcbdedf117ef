import type { ExecutionProvider } from '../../core/device'

export interface ProviderFailure {
  /** The exact missing piece, in one line. */
  readonly reason: string
  /** What to do about it: one sentence. */
  readonly fix: string | null
}

interface KnownFailure {
  readonly pattern: RegExp
  readonly explain: (found: string, provider: ExecutionProvider) => ProviderFailure
}

/** Texts of ONNX Runtime 1.30, the dynamic linker and Dawn; the first that is found decides. */
const knownFailures: readonly KnownFailure[] = [
  {
    // Of two linker errors the one about our own library comes first and says nothing new.
    pattern: /(libcuda\.so\.1): cannot open shared object file/,
    explain: (library) => ({
      reason: `the NVIDIA driver is missing (${library} not found)`,
      fix: `Install the NVIDIA driver of this system; in a container, start it with --gpus all`,
    }),
  },
  {
    pattern:
      /(lib(?:cudart|cublas|cublasLt|curand|cufft)\.so\.\d+): cannot open shared object file/,
    explain: (library) => ({
      reason: `the CUDA ${cudaMajor(library)}runtime is missing (${library} not found)`,
      fix: 'Run: headroom setup cuda',
    }),
  },
  {
    pattern: /(libcudnn\S*\.so[.\d]*)(?::|'|"|\s|$)/,
    explain: (library) => ({
      reason: `cuDNN is missing (${library.replace(/\.$/, '')} not found)`,
      fix: 'Run: headroom setup cuda',
    }),
  },
  {
    pattern: /(lib(?:nvinfer|nvonnxparser)\w*\.so[.\d]*): cannot open shared object file/,
    explain: (library) => ({
      reason: `TensorRT is missing (${library} not found)`,
      fix: 'Install TensorRT 10 and add its folder to LD_LIBRARY_PATH, or choose the cuda provider',
    }),
  },
  {
    pattern: /(libonnxruntime_providers_\w+\.so): cannot open shared object file/,
    explain: (library, provider) => ({
      reason: `the ${providerLabel(provider)} library of ONNX Runtime is not installed (${library} not found)`,
      fix:
        provider === 'tensorrt'
          ? 'Choose the cuda provider; Headroom does not set TensorRT up'
          : 'Run: headroom setup cuda',
    }),
  },
  {
    pattern: /(driver version is insufficient|CUDA failure 35\b)/,
    explain: () => ({
      reason: "the NVIDIA driver is older than ONNX Runtime's CUDA needs",
      fix: `Update the NVIDIA driver (CUDA 13 needs 580 or newer, CUDA 12 needs 525)`,
    }),
  },
  {
    pattern: /(no kernel image is available|CUDA failure 209\b)/,
    explain: () => ({
      reason: "ONNX Runtime's CUDA library has no code for this GPU's architecture",
      fix: 'Use a GPU of compute capability 7.5, 8.0, 8.6, 8.9, 9.0 or 12.0, or the webgpu provider',
    }),
  },
  {
    pattern:
      /(no CUDA-capable device|CUDA failure 100\b|invalid device ordinal|CUDA failure 101\b)/,
    explain: () => ({
      reason: 'CUDA sees no GPU',
      fix: 'Check what nvidia-smi lists, and that CUDA_VISIBLE_DEVICES does not hide it',
    }),
  },
  {
    pattern: /(out of memory|CUDA failure 2\b|Failed to allocate memory)/i,
    explain: () => ({
      reason: 'the device has no memory left for a single operator',
      fix: 'End what else uses the GPU, then detect again',
    }),
  },
  {
    pattern: /Couldn't load Vulkan: (libvulkan\S*?):/,
    explain: (library) => ({
      reason: `no Vulkan on this system (${library} not found), and WebGPU needs it`,
      fix: "Install libvulkan1 and the GPU's Vulkan driver (mesa-vulkan-drivers, or NVIDIA's own)",
    }),
  },
  {
    pattern: /(Failed to get a WebGPU adapter|No supported adapters)/,
    explain: () => ({
      reason: 'WebGPU finds no GPU that it can use',
      fix: "Install the GPU's driver with Vulkan, Metal or Direct3D 12 support",
    }),
  },
  {
    pattern: /(D3D12CreateDevice|DXGI_ERROR_\w+|no suitable.*adapter)/i,
    explain: (found) => ({
      reason: `DirectML finds no GPU with Direct3D 12 (${found})`,
      fix: "Update Windows and the GPU's driver",
    }),
  },
]

/**
 * What keeps a provider from running, told from what it printed.
 * @param said its error and what its native code wrote to stderr; null where it said nothing
 */
export function explainProviderFailure(
  provider: ExecutionProvider,
  said: string | null,
): ProviderFailure {
  for (const { pattern, explain } of knownFailures) {
    const match = pattern.exec(said ?? '')
    if (match) return explain(match[1]!, provider)
  }
  const words = said?.split('\n').find((line) => line.trim() !== '')
  return {
    reason: words
      ? `a session with one operator failed: ${words.trim().slice(0, 200)}`
      : 'a session with one operator failed without a word',
    fix: null,
  }
}

function cudaMajor(library: string): string {
  const major = /^lib(?:cudart|cublas|cublasLt)\.so\.(\d+)/.exec(library)?.[1]
  return major === undefined ? '' : `${major} `
}

function providerLabel(provider: ExecutionProvider): string {
  return provider === 'tensorrt' ? 'TensorRT' : 'CUDA'
}
