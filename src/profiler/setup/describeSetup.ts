import { dirname } from 'node:path'
import type { CudaPackage, CudaSetupReport } from '../../protocol/cudaSetup'
import { cudaMajorOf, forecastNeeded, packagesFor, providerPackage } from './cudaPackages'
import { folderBytes } from './folderBytes'
import { findMachineLibraries, reusableFor } from './machineLibraries'
import { isWhole, readManifest, setupState } from './setupManifest'
import type { CudaSetupOptions } from './setupOptions'

/** What there is, and what a set-up would fetch, without asking anybody for it. */
export async function describeSetup(
  options: Pick<CudaSetupOptions, 'folder' | 'runtime' | 'withCudnn'> &
    Partial<Pick<CudaSetupOptions, 'environment' | 'reuse'>>,
  action: CudaSetupReport['action'],
): Promise<CudaSetupReport> {
  const { folder, runtime, withCudnn, environment = process.env, reuse = false } = options
  const manifest = await readManifest(folder)
  const state = await setupState(folder, manifest, runtime.version)
  const own = manifest?.onnxruntimeVersion === runtime.version ? manifest : null
  const needed = own && own.needed.length > 0 ? own.needed : forecastNeeded
  const whole: CudaPackage[] = []
  for (const item of own?.packages ?? []) if (await isWhole(folder, item)) whole.push(item)
  const requests = [providerPackage(runtime.version), ...packagesFor(needed, withCudnn)]
  const missing = requests.filter(
    ({ requirement }) => !whole.some((item) => item.requirement === requirement),
  )
  const machine = reuse && missing.length > 0 ? await findMachineLibraries(needed, environment) : []
  const reusable = missing.flatMap((request) => {
    const [first] = reusableFor(request, needed, machine)
    return first ? [{ requirement: request.requirement, folder: dirname(first.path) }] : []
  })
  return {
    schema: 'headroom/setup/1',
    action,
    state,
    folder: folder.root,
    onnxruntimeVersion: runtime.version,
    cudaMajor: own ? cudaMajorOf(own.needed) : null,
    packages: whole,
    wanted: missing
      .map(({ requirement }) => requirement)
      .filter((requirement) => !reusable.some((item) => item.requirement === requirement)),
    wheels: [],
    wheelBytes: null,
    reusable,
    bytes: await folderBytes(folder.root),
    error: null,
  }
}
