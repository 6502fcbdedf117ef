import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { CudaPackage, type CudaSetupState } from '../../protocol/cudaSetup'
import { writeFileAtomically } from '../export/writeFileAtomically'
import { type CudaFolder, providerFolder } from './cudaFolder'
import { fileBytes } from './wheel'

/** What a set-up has done so far, in setup.json; written after each package. */
const SetupManifest = z.object({
  onnxruntimeVersion: z.string(),
  /** Whether everything that the provider asks for is here. */
  isComplete: z.boolean(),
  needed: z.array(z.string()),
  packages: z.array(CudaPackage),
})
export type SetupManifest = z.infer<typeof SetupManifest>

/** What was written last; null where nothing was, or it cannot be read. */
export async function readManifest({ manifest }: CudaFolder): Promise<SetupManifest | null> {
  try {
    return SetupManifest.parse(JSON.parse(await readFile(manifest, 'utf8')))
  } catch {
    // Whatever is wrong with it, a set-up writes it anew.
    return null
  }
}

export async function writeManifest(
  { manifest }: CudaFolder,
  content: SetupManifest,
): Promise<void> {
  await writeFileAtomically(manifest, Buffer.from(`${JSON.stringify(content, null, 2)}\n`))
}

/** Where a package's libraries lie. */
export function targetOf(folder: CudaFolder, requirement: string): string {
  return requirement.startsWith('onnxruntime-gpu') ? providerFolder(folder) : folder.libraries
}

/** Whether every file of a package has the size that was written. */
export async function isWhole(folder: CudaFolder, { requirement, files }: CudaPackage) {
  const target = targetOf(folder, requirement)
  const sizes = await Promise.all(files.map(({ name }) => fileBytes(join(target, name))))
  return files.every(({ bytes }, index) => bytes === sizes[index])
}

/** What is set up, judged without loading anything. */
export async function setupState(
  folder: CudaFolder,
  manifest: SetupManifest | null,
  onnxruntimeVersion: string,
): Promise<CudaSetupState> {
  if (!manifest) return 'absent'
  if (manifest.onnxruntimeVersion !== onnxruntimeVersion) return 'otherVersion'
  const whole = await Promise.all(manifest.packages.map((item) => isWhole(folder, item)))
  if (whole.includes(false)) return 'damaged'
  return manifest.isComplete ? 'ready' : 'incomplete'
}
