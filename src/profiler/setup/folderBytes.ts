import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileBytes } from './wheel'

/** What the files below a folder take; 0 where there is none. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await fileBytes(join(entry.parentPath, entry.name))) ?? 0),
  )
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
