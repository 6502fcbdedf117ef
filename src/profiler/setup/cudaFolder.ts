import { join, resolve } from 'node:path'

/** Where everything lies that `headroom setup cuda` makes: below the data folder, nowhere else. */
export interface CudaFolder {
  readonly root: string
  /** A copy of ONNX Runtime with the provider beside its library. */
  readonly runtime: string
  /** CUDA's own libraries, for LD_LIBRARY_PATH. */
  readonly libraries: string
  /** Wheels on their way; empty once everything is unpacked. */
  readonly downloads: string
  readonly manifest: string
  readonly lock: string
}

export function cudaFolder(dataFolder: string): CudaFolder {
  // HEADROOM_DATA may be relative, and the dynamic linker would take it from elsewhere.
  const root = join(resolve(dataFolder), 'cuda')
  return {
    root,
    runtime: join(root, 'runtime'),
    libraries: join(root, 'lib'),
    downloads: join(root, 'downloads'),
    manifest: join(root, 'setup.json'),
    lock: join(root, 'setup.lock'),
  }
}

/** Where ONNX Runtime's native code lies within the copy, and so the provider. */
export function providerFolder({ runtime }: CudaFolder): string {
  return join(runtime, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64')
}
