import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileBytes } from './wheel'

/** What the files below a folder take; 0 where there is none. Links are not followed. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return folderBytes(path)
      return entry.isFile() ? ((await fileBytes(path)) ?? 0) : 0
    }),
  )
  return sizes.reduce((sum, bytes) => sum + bytes, 0)
}
