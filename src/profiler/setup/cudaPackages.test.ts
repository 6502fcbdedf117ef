import { expect, it } from 'vitest'
import { cudaMajorOf, packagesFor, providerPackage, toolkitLibraries } from './cudaPackages'

const cuda13 = ['libcublasLt.so.13', 'libcublas.so.13', 'libcurand.so.10', 'libcudart.so.13']
const cuda12 = ['libcublasLt.so.12', 'libcublas.so.12', 'libcurand.so.10', 'libcudart.so.12']
const others = ['libcuda.so.1', 'libonnxruntime_providers_shared.so', 'libstdc++.so.6', 'libc.so.6']
const named = (needed: readonly string[], withCudnn: boolean) =>
  packagesFor([...needed, ...others], withCudnn).map(({ requirement }) => requirement)

it('names the wheels of CUDA 13 without a suffix, each once, and none for the driver', () => {
  expect(named(cuda13, false)).toEqual([
    'nvidia-cublas~=13.0',
    'nvidia-curand~=10.0',
    'nvidia-cuda-runtime~=13.0',
  ])
})

it('names those of CUDA 12 with one', () => {
  expect(named(cuda12, true)).toEqual([
    'nvidia-cublas-cu12~=12.0',
    'nvidia-curand-cu12~=10.0',
    'nvidia-cuda-runtime-cu12~=12.0',
    'nvidia-cuda-nvrtc-cu12~=12.0',
    'nvidia-cudnn-cu12~=9.0',
  ])
})

it('adds cuDNN, which no library asks for before a convolution runs', () => {
  expect(named(cuda13, true).slice(3)).toEqual([
    'nvidia-cuda-nvrtc~=13.0',
    'nvidia-cudnn-cu13~=9.0',
  ])
})

it('takes the libraries themselves and none of their kin', () => {
  const [cublas] = packagesFor(cuda13, false)
  const files = ['libcublas.so.13', 'libcublasLt.so.13', 'libnvblas.so.13', 'libcublas_static.a']
  expect(files.filter((name) => cublas!.files.test(name))).toEqual(files.slice(0, 2))
})

it('knows the major version by the runtime alone', () => {
  expect(cudaMajorOf([...others, ...cuda12])).toBe(12)
  expect(cudaMajorOf(others)).toBeNull()
  expect(packagesFor(others, true)).toEqual([])
  expect(toolkitLibraries([...cuda13, ...others])).toEqual(cuda13)
})

it('pins the provider to the version of ONNX Runtime', () => {
  expect(providerPackage('1.30.0').requirement).toBe('onnxruntime-gpu==1.30.0')
})
