import { access } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import type { ModelReader } from '../core/estimate/jobLines'
import { resolveStoredModel } from '../core/estimate/storedModel'
import { readModelAt } from './modelFiles'

/**
 * Reads the models that jobs name by path, each once however many jobs name it; what cannot be read
 * is not tried again either. A relative path is looked for from the first of `folders` on.
 */
export function createModelReader(folders: readonly string[]): ModelReader {
  const known = new Map<string, ReturnType<ModelReader>>()
  return (path) => {
    const found = known.get(path)
    if (found) return found
    const reading = locate(path, folders).then(readModelAt).then(resolveStoredModel)
    known.set(path, reading)
    return reading
  }
}

async function locate(path: string, folders: readonly string[]): Promise<string> {
  if (isAbsolute(path)) return path
  const candidates = folders.map((folder) => resolve(folder, path))
  for (const candidate of candidates) {
    if (await exists(candidate)) return candidate
  }
  return candidates[0] ?? resolve(path)
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
