import { findInstalledRuntime } from '../src/profiler/setup/assembleRuntime'
import { elfLibrary } from './elfLibrary'
import type { TestWheel } from './wheelFile'

export const runtime = findInstalledRuntime()
const needed = ['libcublasLt.so.13', 'libcublas.so.13', 'libcurand.so.10', 'libcudart.so.13']
export const library = (name: string) => Buffer.from(`the library ${name}`)

/** Wheels of the provider and of CUDA as PyPI has them, in small. */
export const providerWheel: TestWheel = {
  name: 'onnxruntime-gpu',
  version: runtime.version,
  tag: 'cp312-cp312-manylinux_2_28_x86_64',
  files: {
    'onnxruntime/capi/libonnxruntime_providers_cuda.so': elfLibrary([...needed, 'libcuda.so.1']),
    'onnxruntime/capi/libonnxruntime_providers_shared.so': elfLibrary([]),
    'onnxruntime/capi/libonnxruntime_providers_tensorrt.so': elfLibrary([]),
  },
}
export const nvidiaWheel = (
  name: string,
  version: string,
  libraries: readonly string[],
): TestWheel => ({
  name,
  version,
  files: Object.fromEntries(libraries.map((file) => [`nvidia/cu13/lib/${file}`, library(file)])),
})
export const cublas = nvidiaWheel('nvidia-cublas', '13.1.0.3', [
  'libcublas.so.13',
  'libcublasLt.so.13',
])
export const wheels: readonly TestWheel[] = [
  providerWheel,
  cublas,
  nvidiaWheel('nvidia-curand', '10.4.0.35', ['libcurand.so.10']),
  nvidiaWheel('nvidia-cuda-runtime', '13.0.96', ['libcudart.so.13']),
  nvidiaWheel('nvidia-cuda-nvrtc', '13.0.88', ['libnvrtc.so.13', 'libnvrtc-builtins.so.13.0']),
  nvidiaWheel('nvidia-cudnn-cu13', '9.28.1.4', ['libcudnn.so.9', 'libcudnn_graph.so.9']),
]
