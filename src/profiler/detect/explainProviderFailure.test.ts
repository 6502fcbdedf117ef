import { describe, expect, it } from 'vitest'
import { explainProviderFailure } from './explainProviderFailure'
import { withoutPrivateParts } from './withoutPrivateParts'

// Texts as onnxruntime-node 1.30.0, the dynamic linker and Dawn print them.
const loading = 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library\n'
const linker = (library: string) =>
  `${loading}\u001b[1;31m2026-11-24 13:58:14.330814524 [E:onnxruntime:onnxruntime-node, provider_bridge_ort.cc:2146 Create] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /home/ada/headroom/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so with error: ${library}: cannot open shared object file: No such file or directory\n\u001b[m`
const vulkan = `Failed to get a WebGPU adapter: No supported adapters
Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory
    at operator() (/build/Release/_deps/dawn-src/src/dawn/native/vulkan/BackendVk.cpp:368)`

describe('what keeps a provider from running', () => {
  it.each([
    ['libcudart.so.13', 'the CUDA 13 runtime is missing (libcudart.so.13 not found)'],
    ['libcublasLt.so.12', 'the CUDA 12 runtime is missing (libcublasLt.so.12 not found)'],
    ['libcurand.so.10', 'the CUDA runtime is missing (libcurand.so.10 not found)'],
    ['libcuda.so.1', 'the NVIDIA driver is missing (libcuda.so.1 not found)'],
    ['libcudnn.so.9', 'cuDNN is missing (libcudnn.so.9 not found)'],
    ['libnvinfer.so.10', 'TensorRT is missing (libnvinfer.so.10 not found)'],
    [
      '/home/ada/libonnxruntime_providers_shared.so',
      'the CUDA library of ONNX Runtime is not installed (libonnxruntime_providers_shared.so not found)',
    ],
  ])('%s that cannot be opened', (library, reason) => {
    const failure = explainProviderFailure('cuda', withoutPrivateParts(linker(library)))
    expect(failure.reason).toBe(reason)
    expect(failure.fix).not.toBeNull()
  })

  it.each([
    [
      'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1 ; hostname=node7 ; expr=cudaSetDevice(id);',
      /driver is older/,
    ],
    ['CUDA failure 209: no kernel image is available for execution on the device', /architecture/],
    ['CUDA failure 101: invalid device ordinal ; GPU=0 ; hostname=node7 ;', /CUDA sees no GPU/],
    [
      'cuDNN is unavailable or disabled for CUDA Execution Provider: dlopen failed for libcudnn.so',
      /cuDNN is missing \(libcudnn.so not found\)/,
    ],
    [
      'bfc_arena.cc:360 Failed to allocate memory for requested buffer of size 256',
      /no memory left/,
    ],
    [vulkan, /no Vulkan on this system \(libvulkan.so.1 not found\)/],
    ['Failed to get a WebGPU adapter: No supported adapters', /WebGPU finds no GPU/],
  ])('%s', (said, reason) => {
    const failure = explainProviderFailure('cuda', withoutPrivateParts(said))
    expect(failure.reason).toMatch(reason)
    expect(failure.fix).not.toBeNull()
  })

  it.each([
    ['libcublasLt.so.13', 'headroom setup cuda'],
    ['libcudnn.so.9', 'headroom setup cuda'],
    ['libonnxruntime_providers_cuda.so', 'headroom setup cuda'],
    ['libnvinfer.so.10', null],
  ])('%s that cannot be opened is had by %s', (library, command) => {
    expect(explainProviderFailure('cuda', linker(library)).command).toBe(command)
  })

  // Words of CUDA 13's own table of errors.
  it.each([
    ['CUDA failure 802: system not yet initialized', 'sudo systemctl start nvidia-fabricmanager'],
    [
      'CUDA failure 803: system has unsupported display driver / cuda driver combination',
      'sudo reboot',
    ],
    [
      'CUDA failure 804: forward compatibility was attempted on non supported HW',
      "sudo apt-get remove 'cuda-compat-*'",
    ],
    ['CUDA failure 46: CUDA-capable device(s) is/are busy or unavailable', 'sudo nvidia-smi -c 0'],
    ['CUDA failure 214: uncorrectable ECC error encountered', 'sudo nvidia-smi --gpu-reset'],
    ['CUDA failure 719: unspecified launch failure', 'sudo dmesg | grep -i xid'],
    [
      "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.28' not found (required by libonnxruntime_providers_cuda.so)",
      null,
    ],
    [
      'libonnxruntime_providers_cuda.so: undefined symbol: cublasLtMatmulAlgoGetHeuristic',
      'headroom setup cuda',
    ],
    ['libcublas.so.13: file too short', 'headroom setup cuda --undo && headroom setup cuda'],
  ])('%s', (said, command) => {
    const failure = explainProviderFailure('cuda', withoutPrivateParts(said))
    expect(failure.command).toBe(command)
    expect(failure.fix).not.toBeNull()
    expect(failure.reason).not.toContain('a session with one operator failed')
  })

  it('hands on the first line of what it does not know', () => {
    expect(explainProviderFailure('dml', '\nsomething new\nand more')).toEqual({
      reason: 'a session with one operator failed: something new',
      fix: null,
      command: null,
    })
    expect(explainProviderFailure('dml', null).reason).toContain('without a word')
  })
})

describe('what is printed by native code', () => {
  it('keeps the names of files and loses folders, colours, times and the host name', () => {
    const text = withoutPrivateParts(`${linker('libcudart.so.13')} on gpu-box-7`, 'gpu-box-7')
    expect(text).not.toMatch(/ada|headroom\/|gpu-box-7|2026/)
    expect(text).not.toContain('\u001b')
    expect(text).toContain('libonnxruntime_providers_cuda.so with error: libcudart.so.13: cannot')
  })

  it.each([
    ['C:\\Users\\Ada\\app\\onnxruntime.dll is missing', 'onnxruntime.dll is missing'],
    ['at (/build/src/dawn/BackendVk.cpp:368)', 'at (BackendVk.cpp:368)'],
    ['failure 35 ; hostname=node7 ; expr=a/b', 'failure 35 ; expr=a/b'],
    ['4 / 2 samples/s', '4 / 2 samples/s'],
  ])('%s', (said, kept) => {
    expect(withoutPrivateParts(said, 'node7')).toBe(kept)
  })
})
