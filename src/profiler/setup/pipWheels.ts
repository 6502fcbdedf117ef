import { answersRequirement, compareVersions, packageName } from './requirement'
import { parseWheelName } from './wheel'

/** Platforms whose wheels run here: pip takes exactly those it is told, not older ones with them. */
export const pipPlatforms = [
  'manylinux_2_28_x86_64',
  'manylinux_2_27_x86_64',
  'manylinux_2_17_x86_64',
  'manylinux2014_x86_64',
] as const
/** What pip takes for manylinux2014 besides. */
const olderPlatform = 'manylinux2010_x86_64'
/** The provider does not depend on Python, but each of its wheels is made for one: any will do. */
export const pipPythonVersions = ['3.13', '3.12', '3.11'] as const

/** A file that a package index lists. */
export interface IndexFile {
  readonly name: string
  /** null where the index does not tell: sizes came with version 1.1 of its JSON (PEP 700). */
  readonly bytes: number | null
}

/**
 * The file that pip takes for a requirement when it is asked as `pipDownload` asks it: the newest
 * final version, for the first Python that has one; null where there is none.
 */
export function wheelPipTakes(files: readonly IndexFile[], requirement: string): IndexFile | null {
  const name = packageName(requirement)
  const usable = files.flatMap((file) => {
    const wheel = parseWheelName(file.name)
    if (wheel?.name !== name || !/^\d+(\.\d+)*$/.test(wheel.version)) return []
    return answersRequirement(wheel.version, requirement) && isForPlatform(wheel.platform)
      ? [{ file, ...wheel }]
      : []
  })
  for (const python of pipPythonVersions) {
    const tag = `cp${python.replace('.', '')}`
    const [newest] = usable
      .filter(({ pythons }) => pythons.some((each) => each === tag || each === 'py3'))
      .filter(({ interfaces }) => interfaces.some((each) => each === tag || each === 'none'))
      .toSorted((a, b) => compareVersions(b.version, a.version))
    if (newest) return newest.file
  }
  return null
}

function isForPlatform(platform: string): boolean {
  const taken: readonly string[] = [...pipPlatforms, olderPlatform]
  return platform.split('.').some((tag) => taken.includes(tag))
}
