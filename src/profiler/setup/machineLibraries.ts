import { readdir } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { runCommand } from '../detect/runCommand'
import type { PackageRequest } from './cudaPackages'
import { readElfNeeded } from './readElfNeeded'

/** Where one of them lies on this machine. */
export interface MachineLibrary {
  readonly soname: string
  readonly path: string
}

/**
 * Those of `sonames` that this machine has already: of LD_LIBRARY_PATH, an active conda environment,
 * CUDA_HOME, /usr/local/cuda*, and what the dynamic linker knows, in this order. One that is no whole
 * library for x86-64 does not count.
 * @param root tests put a machine of their own below it
 */
export async function findMachineLibraries(
  sonames: readonly string[],
  environment: NodeJS.ProcessEnv,
  root = '/',
): Promise<readonly MachineLibrary[]> {
  const folders = await foldersOf(environment, root)
  const found: MachineLibrary[] = []
  for (const soname of sonames) {
    for (const folder of folders) {
      const path = join(folder, soname)
      if (!(await isLibrary(path))) continue
      found.push({ soname, path })
      break
    }
  }
  return found
}

async function foldersOf(environment: NodeJS.ProcessEnv, root: string): Promise<readonly string[]> {
  const { LD_LIBRARY_PATH = '', CONDA_PREFIX, CUDA_HOME, CUDA_PATH } = environment
  const local = join(root, 'usr/local')
  const toolkits = (await readdir(local).catch(() => [])).filter((name) => name.startsWith('cuda'))
  const cache = root === '/' ? await runCommand('ldconfig', ['-p'], 2000) : null
  const folders = [
    ...LD_LIBRARY_PATH.split(delimiter),
    CONDA_PREFIX && join(CONDA_PREFIX, 'lib'),
    ...[CUDA_HOME, CUDA_PATH].map((home) => home && join(home, 'lib64')),
    // `cuda` is the link to the one that is in use.
    ...toolkits.toSorted().map((name) => join(local, name, 'lib64')),
    join(root, 'opt/cuda/lib64'),
    ...[...(cache?.stdout ?? '').matchAll(/=> (\/.*)$/gm)].map(([, path]) => dirname(path!)),
  ]
  return [...new Set(folders.filter((folder) => folder && isAbsolute(folder)))] as string[]
}

function isLibrary(path: string): Promise<boolean> {
  return readElfNeeded(path).then(
    () => true,
    () => false, // not there, cut short, or for another processor
  )
}

/** The libraries of this machine that stand for a package: all that are needed of it, or none. */
export function reusableFor(
  { files }: PackageRequest,
  needed: readonly string[],
  machine: readonly MachineLibrary[],
): readonly MachineLibrary[] {
  const wanted = needed.filter((soname) => files.test(soname))
  const found = machine.filter(({ soname }) => files.test(soname))
  return wanted.length > 0 && found.length === wanted.length ? found : []
}
