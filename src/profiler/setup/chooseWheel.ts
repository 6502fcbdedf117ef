import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { answersRequirement, compareVersions, packageName } from './requirement'
import { SetupFailure } from './setupFailure'
import { isForLinuxX64, parseWheelName } from './wheel'

/**
 * The wheel in a folder of the user's that fits a requirement (`name==1.30.0`, `name~=13.0`); of
 * several the newest.
 * @throws SetupFailure that says which are there where none fits
 */
export async function chooseWheel(folder: string, requirement: string): Promise<string> {
  const name = packageName(requirement)
  const named = (await listFolder(folder)).flatMap((file) => {
    const wheel = parseWheelName(file)
    return wheel?.name === name ? [{ file, ...wheel }] : []
  })
  const fitting = named.filter((wheel) => answersRequirement(wheel.version, requirement))
  const usable = fitting.filter(({ platform }) => isForLinuxX64(platform))
  const [newest] = usable.toSorted((a, b) => compareVersions(b.version, a.version))
  if (newest) return join(folder, newest.file)
  if (fitting[0])
    throw new SetupFailure(
      'WRONG_PLATFORM',
      `${fitting[0].file} is not for Linux on x86-64; fetch it with pip download --platform manylinux_2_28_x86_64`,
    )
  throw new SetupFailure(
    'NOT_FOUND',
    named[0]
      ? `${folder} has ${named[0].file}, and ${requirement} is needed`
      : `${folder} has no wheel of ${requirement}; fetch it there with pip download`,
  )
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable'
    throw new SetupFailure(
      'NOT_FOUND',
      `${folder} cannot be listed (${code}); give a folder with wheels`,
    )
  }
}
