import { join, resolve } from 'node:path'
import { InputError } from '../../core/errors'
import { makeFolder } from '../makeFolder'
import type { ReportFile } from './reportFile'
import { writeFileAtomically } from './writeFileAtomically'

/**
 * Writes the report into `folder`, which is made where it is missing, and resolves with its path.
 * @throws InputError where the folder cannot be written to
 */
export async function saveReport({ fileName, bytes }: ReportFile, folder: string): Promise<string> {
  const path = join(resolve(folder), fileName)
  try {
    makeFolder(resolve(folder))
    await writeFileAtomically(path, bytes)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError({
      code: 'INVALID_VALUE',
      file: path,
      message: `cannot be written (${code ?? String(error)}). Choose another folder with --out.`,
    })
  }
  return path
}
