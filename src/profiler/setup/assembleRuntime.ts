import { readFileSync } from 'node:fs'
import { copyFile, cp, link, mkdir, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The package onnxruntime-node that comes with the application. */
export interface InstalledRuntime {
  readonly folder: string
  /** The package that it requires. */
  readonly commonFolder: string
  readonly version: string
}

/** Finds the package as the engine would; the package itself is not loaded. */
export function findInstalledRuntime(): InstalledRuntime {
  const require = createRequire(import.meta.filename)
  const file = require.resolve('onnxruntime-node/package.json')
  // Its entry is in dist/cjs; package.json is not among the exports.
  const common = createRequire(file).resolve('onnxruntime-common')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  return {
    folder: dirname(file),
    commonFolder: common.slice(0, common.lastIndexOf('onnxruntime-common')) + 'onnxruntime-common',
    version,
  }
}

const nativeFolder = 'bin/napi-v6/linux/x64'

/**
 * Puts a copy of ONNX Runtime for this platform into `target`/node_modules, unless it is there. Its
 * native libraries are hard links where the file system allows it: they are large and never written.
 */
export async function assembleRuntime(
  { folder, commonFolder }: InstalledRuntime,
  target: string,
): Promise<void> {
  const modules = join(target, 'node_modules')
  const copy = join(modules, 'onnxruntime-node')
  await mkdir(join(copy, nativeFolder), { recursive: true })
  await cp(commonFolder, join(modules, 'onnxruntime-common'), { recursive: true, force: true })
  await cp(join(folder, 'dist'), join(copy, 'dist'), { recursive: true, force: true })
  await cp(join(folder, 'package.json'), join(copy, 'package.json'))
  for (const name of await readdir(join(folder, nativeFolder))) {
    const from = join(folder, nativeFolder, name)
    const to = join(copy, nativeFolder, name)
    await rm(to, { force: true })
    await link(from, to).catch(() => copyFile(from, to))
  }
}
