import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CudaSetupReport } from '../../protocol/cudaSetup'
import { assembleRuntime } from './assembleRuntime'
import { type CudaFolder, providerFolder } from './cudaFolder'
import { type PackageRequest, packagesFor, providerPackage } from './cudaPackages'
import { describeSetup } from './describeSetup'
import { folderBytes } from './folderBytes'
import { havePackage } from './havePackage'
import { findMachineLibraries, type MachineLibrary, reusableFor } from './machineLibraries'
import { readElfNeeded } from './readElfNeeded'
import { asSetupError, SetupFailure } from './setupFailure'
import { takeSetupLock } from './setupLock'
import { readManifest, type SetupManifest, writeManifest } from './setupManifest'
import type { CudaSetupOptions } from './setupOptions'

/**
 * Fetches the CUDA provider of exactly the installed ONNX Runtime, reads out of it which CUDA it asks
 * for, fetches that, and notes what is done after each package: a set-up that broke off goes on where
 * it was, and one that came to nothing leaves nothing. Everything lies in the data folder; the system
 * is not touched.
 */
export async function setupCuda(options: CudaSetupOptions): Promise<CudaSetupReport> {
  const { folder } = options
  let release: (() => Promise<void>) | null = null
  let error: CudaSetupReport['error'] = null
  try {
    checkPlatform(options)
    release = await takeSetupLock(folder)
    await fetchEverything(options)
  } catch (thrown) {
    error = asSetupError(thrown, folder.root, options.signal)
    // The lock goes with the folder.
    if (release && !(await isWorthKeeping(folder)))
      await rm(folder.root, { recursive: true, force: true })
  } finally {
    await release?.()
  }
  return { ...(await describeSetup(options, 'setUp')), error }
}

/** Removes all that was set up. `bytes` of the report is what the disk got back. */
export async function undoCudaSetup(
  options: Pick<CudaSetupOptions, 'folder' | 'runtime' | 'withCudnn'>,
): Promise<CudaSetupReport> {
  const { folder } = options
  const bytes = await folderBytes(folder.root)
  let error: CudaSetupReport['error'] = null
  if (bytes > 0) {
    try {
      await takeSetupLock(folder)
      // The lock goes with the folder.
      await rm(folder.root, { recursive: true, force: true })
    } catch (thrown) {
      error = asSetupError(thrown, folder.root)
    }
  }
  return { ...(await describeSetup(options, 'undo')), bytes, error }
}

function checkPlatform({ platform: { platform, architecture } }: CudaSetupOptions): void {
  if (platform === 'linux' && architecture === 'x64') return
  throw new SetupFailure(
    'UNSUPPORTED',
    `ONNX Runtime for Node.js has CUDA on Linux for x86-64 only, and this is ${platform} ${architecture}; ${platform === 'win32' ? 'take the dml provider' : 'take another provider'}`,
  )
}

/** Whether a package was set up, now or earlier, or a wheel is whole that the next set-up takes. */
async function isWorthKeeping({ manifest, downloads }: CudaFolder): Promise<boolean> {
  return existsSync(manifest) || (await folderBytes(downloads)) > 0
}

async function fetchEverything(options: CudaSetupOptions): Promise<void> {
  const { folder, runtime, withCudnn, environment } = options
  for (const path of [folder.libraries, folder.downloads]) await mkdir(path, { recursive: true })
  const known = await readManifest(folder)
  let manifest: SetupManifest =
    known?.onnxruntimeVersion === runtime.version
      ? { ...known, isComplete: false }
      : { onnxruntimeVersion: runtime.version, isComplete: false, needed: [], packages: [] }
  const add = async (
    request: PackageRequest,
    reusable: readonly MachineLibrary[] = [],
    beforeUnpacking = async () => {},
  ) => {
    const item = await havePackage(options, request, manifest, reusable, beforeUnpacking)
    const others = manifest.packages.filter(({ requirement }) => requirement !== item.requirement)
    manifest = { ...manifest, packages: [...others, item] }
    await writeManifest(folder, manifest)
  }
  // With the provider in it the copy is in use: another would take it from under a running engine.
  await add(providerPackage(runtime.version), [], () => assembleRuntime(runtime, folder.runtime))
  const library = join(providerFolder(folder), 'libonnxruntime_providers_cuda.so')
  manifest = { ...manifest, needed: await readElfNeeded(library) }
  const machine = options.reuse ? await findMachineLibraries(manifest.needed, environment) : []
  for (const request of packagesFor(manifest.needed, withCudnn))
    await add(request, reusableFor(request, manifest.needed, machine))
  await writeManifest(folder, { ...manifest, isComplete: true })
  await rm(folder.downloads, { recursive: true, force: true })
}
