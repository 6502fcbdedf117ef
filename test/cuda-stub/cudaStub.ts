import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { assembleRuntime, findInstalledRuntime } from '../../src/profiler/setup/assembleRuntime'
import { writeWheel } from '../wheelFile'

const folder = resolve(import.meta.dirname, '../../.cache/cuda-stub')

/** Where scripts/prepareCudaStub.mjs puts what this machine may have. */
export const cudaStub = {
  toolkit: join(folder, 'toolkit'),
  driver: join(folder, 'driver'),
  bin: join(folder, 'bin'),
  provider: join(folder, 'provider'),
  wheels: join(folder, 'wheels'),
}

/** Why there is no stand-in here; null where there is. */
export const cudaStubMissing = existsSync(join(folder, 'built'))
  ? null
  : 'the stand-in for CUDA is not there: node scripts/prepareCudaStub.mjs'

/** An environment in which a driver, nvidia-smi and nothing else of NVIDIA is installed. */
export function driverEnvironment(shared: string): Record<string, string> {
  return {
    LD_LIBRARY_PATH: cudaStub.driver,
    PATH: `${cudaStub.bin}:${process.env.PATH}`,
    CUDA_STUB_SHARED: shared,
  }
}

/**
 * A folder as one carries to a machine without a network: the provider's real wheel, and wheels by
 * NVIDIA's names that hold the stand-ins.
 */
export async function wheelFolder(target: string): Promise<void> {
  await mkdir(target, { recursive: true })
  const provider = (await readdir(cudaStub.wheels)).find((name) => name.startsWith('onnxruntime_'))!
  const from = join(cudaStub.wheels, provider)
  await link(from, join(target, provider)).catch(() => copyFile(from, join(target, provider)))
  const libraries: Readonly<Record<string, readonly [version: string, libraries: string[]]>> = {
    'nvidia-cuda-runtime': ['13.0.96', ['libcudart.so.13']],
    'nvidia-cublas': ['13.1.0', ['libcublas.so.13', 'libcublasLt.so.13']],
    'nvidia-curand': ['10.4.0', ['libcurand.so.10']],
  }
  for (const [name, [version, names]] of Object.entries(libraries)) {
    const files: Record<string, Buffer> = {}
    for (const library of names)
      files[`nvidia/cu13/lib/${library}`] = await readFile(join(cudaStub.toolkit, library))
    await writeWheel(target, { name, version, files })
  }
}

/**
 * An environment in which the engine finds the provider and all of CUDA: what a set-up makes, and the
 * driver. @param home a folder of the test's own
 */
export async function cudaEnvironment(home: string): Promise<Record<string, string>> {
  const runtime = join(home, 'runtime')
  await assembleRuntime(findInstalledRuntime(), runtime)
  const beside = join(runtime, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64')
  for (const name of await readdir(cudaStub.provider)) {
    const from = join(cudaStub.provider, name)
    await link(from, join(beside, name)).catch(() => copyFile(from, join(beside, name)))
  }
  const shared = join(home, 'shared')
  await mkdir(shared, { recursive: true })
  const { LD_LIBRARY_PATH, ...rest } = driverEnvironment(shared)
  return {
    ...rest,
    LD_LIBRARY_PATH: `${cudaStub.toolkit}:${LD_LIBRARY_PATH}`,
    HEADROOM_ONNXRUNTIME: `${runtime}/`,
  }
}
