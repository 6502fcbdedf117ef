/** A wheel of NVIDIA's, and which of its files are wanted. */
export interface PackageRequest {
  /** As pip takes it: `nvidia-cublas~=13.0`. */
  readonly requirement: string
  readonly name: string
  /** Matches the base names of the libraries to take. */
  readonly files: RegExp
}

interface Toolkit {
  readonly soname: RegExp
  /** The package without its suffix. */
  readonly name: string
  readonly files: RegExp
}

const toolkit: readonly Toolkit[] = [
  { soname: /^libcudart\.so\.(\d+)$/, name: 'nvidia-cuda-runtime', files: /^libcudart\.so\.\d+$/ },
  { soname: /^libcublas\.so\.(\d+)$/, name: 'nvidia-cublas', files: /^libcublas(Lt)?\.so\.\d+$/ },
  { soname: /^libcublasLt\.so\.(\d+)$/, name: 'nvidia-cublas', files: /^libcublas(Lt)?\.so\.\d+$/ },
  { soname: /^libcurand\.so\.(\d+)$/, name: 'nvidia-curand', files: /^libcurand\.so\.\d+$/ },
  { soname: /^libcufft\.so\.(\d+)$/, name: 'nvidia-cufft', files: /^libcufft\.so\.\d+$/ },
]

/** The major version of CUDA, by the runtime library that is asked for; null where none is. */
export function cudaMajorOf(needed: readonly string[]): number | null {
  for (const soname of needed) {
    const major = /^libcudart\.so\.(\d+)$/.exec(soname)?.[1]
    if (major !== undefined) return Number(major)
  }
  return null
}

/** The libraries of CUDA among those that are asked for: all but the driver's, which no package has. */
export function toolkitLibraries(needed: readonly string[]): string[] {
  return needed.filter((soname) => toolkit.some((entry) => entry.soname.test(soname)))
}

/**
 * The wheels that hold `needed`, each once, in the order of need. Up to CUDA 12 a package says its
 * CUDA in its name (`nvidia-cublas-cu12`); from 13 on its version does.
 * @param withCudnn also what networks with convolutions load at run time: cuDNN 9 and the compiler it calls
 */
export function packagesFor(needed: readonly string[], withCudnn: boolean): PackageRequest[] {
  const cuda = cudaMajorOf(needed)
  if (cuda === null) return []
  const suffix = cuda <= 12 ? `-cu${cuda}` : ''
  const requests = new Map<string, PackageRequest>()
  const add = (name: string, major: string, files: RegExp) => {
    const requirement = `${name}~=${major}.0`
    requests.set(name, { requirement, name, files })
  }
  for (const soname of needed) {
    const entry = toolkit.find((candidate) => candidate.soname.test(soname))
    const major = entry?.soname.exec(soname)?.[1]
    if (entry && major !== undefined) add(`${entry.name}${suffix}`, major, entry.files)
  }
  if (withCudnn) {
    const compiler = /^libnvrtc(-builtins)?\.so\.[\d.]+$/
    add(`nvidia-cuda-nvrtc${suffix}`, String(cuda), compiler)
    add(`nvidia-cudnn-cu${cuda}`, '9', /^libcudnn\w*\.so\.9$/)
  }
  return [...requests.values()]
}

/** The provider of exactly this ONNX Runtime: the bridge between the two knows no versions. */
export function providerPackage(onnxruntimeVersion: string): PackageRequest {
  return {
    requirement: `onnxruntime-gpu==${onnxruntimeVersion}`,
    name: 'onnxruntime-gpu',
    files: /^libonnxruntime_providers_(cuda|shared)\.so$/,
  }
}

/** What PyPI's onnxruntime-gpu 1.30 asks for: good for a forecast, until the library itself is here. */
export const forecastNeeded: readonly string[] = [
  'libcublasLt.so.13',
  'libcublas.so.13',
  'libcurand.so.10',
  'libcudart.so.13',
]
