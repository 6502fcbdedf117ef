import { rm, statfs, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatBytes } from '../../core/units'
import type { CudaPackage } from '../../protocol/cudaSetup'
import { chooseWheel } from './chooseWheel'
import type { PackageRequest } from './cudaPackages'
import { findPython, type Python } from './findPython'
import type { MachineLibrary } from './machineLibraries'
import { findWheel, pipDownload } from './pipDownload'
import { diskFullLine, SetupFailure } from './setupFailure'
import { isWhole, type SetupManifest, targetOf } from './setupManifest'
import type { CudaSetupOptions } from './setupOptions'
import { fileBytes, sha256Of, unpackWheel } from './wheel'

/** The package: as it is, of this machine, out of a wheel that came earlier, or fetched now. */
export async function havePackage(
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
