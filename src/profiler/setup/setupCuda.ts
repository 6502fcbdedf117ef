import { existsSync } from 'node:fs'
import { mkdir, rm, statfs, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatBytes } from '../../core/units'
import type { CudaPackage, CudaSetupEvent, CudaSetupReport } from '../../protocol/cudaSetup'
import { assembleRuntime, type InstalledRuntime } from './assembleRuntime'
import { chooseWheel } from './chooseWheel'
import { type CudaFolder, providerFolder } from './cudaFolder'
import {
  cudaMajorOf,
  forecastNeeded,
  type PackageRequest,
  packagesFor,
  providerPackage,
} from './cudaPackages'
import { folderBytes } from './folderBytes'
import { findMachineLibraries, type MachineLibrary } from './machineLibraries'
import { findPython, type Python } from './findPython'
import { findWheel, pipDownload } from './pipDownload'
import { readElfNeeded } from './readElfNeeded'
import { asSetupError, diskFullLine, SetupFailure } from './setupFailure'
import { takeSetupLock } from './setupLock'
import {
  isWhole,
  readManifest,
  type SetupManifest,
  setupState,
  targetOf,
  writeManifest,
} from './setupManifest'
import { fileBytes, sha256Of, unpackWheel } from './wheel'

export interface CudaSetupOptions {
  readonly folder: CudaFolder
  readonly runtime: InstalledRuntime
  /** A folder with the wheels; null: pip fetches them. */
  readonly from: string | null
  /** Whether cuDNN is fetched too, which only networks with convolutions need. */
  readonly withCudnn: boolean
  readonly platform: { readonly platform: NodeJS.Platform; readonly architecture: string }
  readonly environment: NodeJS.ProcessEnv
  /** Whether libraries that this machine has already are linked to instead of fetched. */
  readonly reuse: boolean
  readonly signal: AbortSignal
  readonly onEvent: (event: CudaSetupEvent) => void
}

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

/** What there is, and what a set-up would fetch. */
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
    reusable,
    bytes: await folderBytes(folder.root),
    error: null,
  }
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

/** The libraries of this machine that stand for a package: all that are needed of it, or none. */
function reusableFor(
  { files }: PackageRequest,
  needed: readonly string[],
  machine: readonly MachineLibrary[],
): readonly MachineLibrary[] {
  const wanted = needed.filter((soname) => files.test(soname))
  const found = machine.filter(({ soname }) => files.test(soname))
  return wanted.length > 0 && found.length === wanted.length ? found : []
}

/** Links to libraries of this machine, by which the engine finds them wherever they lie. */
async function linkPackage(
  { folder, signal }: CudaSetupOptions,
  requirement: string,
  libraries: readonly MachineLibrary[],
): Promise<CudaPackage> {
  const files: CudaPackage['files'] = []
  for (const { soname, path } of libraries) {
    const target = join(folder.libraries, soname)
    await rm(target, { force: true })
    await symlink(path, target)
    const sha256 = await sha256Of(path, () => {}, signal)
    files.push({ name: soname, bytes: (await fileBytes(path)) ?? 0, sha256 })
  }
  const reusedFrom = dirname(libraries[0]!.path)
  return { requirement, fileName: null, bytes: 0, sha256: null, reusedFrom, files }
}

/** The package: as it is, of this machine, out of a wheel that came earlier, or fetched now. */
async function havePackage(
  options: CudaSetupOptions,
  { requirement, files }: PackageRequest,
  manifest: SetupManifest,
  reusable: readonly MachineLibrary[],
  beforeUnpacking: () => Promise<void>,
): Promise<CudaPackage> {
  const { folder, from, onEvent, signal } = options
  signal.throwIfAborted()
  const known = manifest.packages.find((item) => item.requirement === requirement)
  if (known && (await isWhole(folder, known))) {
    onEvent({ type: 'package', package: known, isNew: false })
    return known
  }
  if (reusable.length > 0) {
    const item = await linkPackage(options, requirement, reusable)
    onEvent({ type: 'package', package: item, isNew: true })
    return item
  }
  const tell = (phase: 'download' | 'check' | 'unpack') => (done: number, total: number | null) =>
    onEvent({ type: 'progress', requirement, phase, doneBytes: done, totalBytes: total })
  if (from === null) tell('download')(0, null)
  const wheel =
    from === null
      ? await download(options, requirement, tell('download'))
      : await chooseWheel(from, requirement)
  try {
    const bytes = (await fileBytes(wheel)) ?? 0
    const sha256 = await sha256Of(wheel, (done) => tell('check')(done, bytes), signal)
    const unpacked = await unpackWheel(wheel, files, targetOf(folder, requirement), {
      beforeWriting: async (needed) => {
        await beforeUnpacking()
        await checkFreeSpace(folder.root, needed)
      },
      onBytes: tell('unpack'),
      signal,
    })
    const fileName = basename(wheel)
    const item = { requirement, fileName, bytes, sha256, reusedFrom: null, files: unpacked }
    if (from === null) await rm(wheel, { force: true })
    onEvent({ type: 'package', package: item, isNew: true })
    return item
  } catch (error) {
    // A wheel of ours that is not whole must not be taken for whole the next time.
    const isBad = error instanceof SetupFailure && error.code !== 'DISK_FULL'
    if (from === null && isBad) await rm(wheel, { force: true })
    throw error
  }
}

async function download(
  { folder, environment, signal }: CudaSetupOptions,
  requirement: string,
  onBytes: (done: number, total: number | null) => void,
): Promise<string> {
  const earlier = await findWheel(folder.downloads, requirement)
  if (earlier !== null) return earlier
  const python: Python = await findPython(environment)
  return pipDownload(python, requirement, {
    folder: folder.downloads,
    environment,
    onBytes,
    signal,
  })
}

async function checkFreeSpace(root: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(root)
  const free = bavail * bsize
  if (free < needed)
    throw new SetupFailure('DISK_FULL', diskFullLine(root, formatBytes(needed - free)))
}
