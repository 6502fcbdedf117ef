import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { folderBytes } from './folderBytes'
import { explainPip } from './explainPip'
import type { Python } from './findPython'
import { pipPlatforms, pipPythonVersions } from './pipWheels'
import { packageName } from './requirement'
import type { SetupFailure } from './setupFailure'
import { parseWheelName } from './wheel'

export interface DownloadOptions {
  /** Where finished wheels go. */
  readonly folder: string
  readonly environment: NodeJS.ProcessEnv
  /** `total` is null where the index does not tell. */
  readonly onBytes: (done: number, total: number | null) => void
  readonly signal: AbortSignal
}

/**
 * Fetches one wheel with pip, which knows the user's index, proxy and certificates, and checks it
 * against the checksum of the index. Returns its path.
 * @throws SetupFailure
 */
export async function pipDownload(
  python: Python,
  requirement: string,
  options: DownloadOptions,
): Promise<string> {
  const { folder, environment, signal } = options
  // pip assembles a file in a temporary folder first, and /tmp may be small.
  const work = join(folder, 'pip')
  const finished = join(work, 'finished')
  await mkdir(finished, { recursive: true })
  try {
    let failure: SetupFailure | null = null
    for (const version of pipPythonVersions) {
      const said = await runPip(python, requirement, { ...options, work, version })
      const found = await findWheel(finished, requirement)
      if (found !== null) {
        // pip copies it there: only what is whole may lie where the next set-up looks.
        const target = join(folder, basename(found))
        await rename(found, target)
        return target
      }
      signal.throwIfAborted()
      failure ??= explainPip(said, requirement, folder)
      if (failure.code !== 'NOT_FOUND') break
    }
    throw failure
  } finally {
    await rm(work, { recursive: true, force: true })
  }

  function runPip(
    { command, pipVersion }: Python,
    wanted: string,
    { work: temporary, version, onBytes }: DownloadOptions & { work: string; version: string },
  ): Promise<string> {
    const [major, minor] = pipVersion
    const isAtLeast = (a: number, b: number) => major > a || (major === a && minor >= b)
    const fixed = '-m pip download --no-deps --only-binary=:all: --no-cache-dir --no-input'
    const args = [
      ...`${fixed} --disable-pip-version-check --implementation cp`.split(' '),
      `--dest=${finished}`,
      `--python-version=${version}`,
      `--abi=cp${version.replace('.', '')}`,
      ...pipPlatforms.map((name) => `--platform=${name}`),
      `--progress-bar=${isAtLeast(24, 1) ? 'raw' : 'off'}`,
      ...(isAtLeast(25, 1) ? ['--resume-retries=5'] : []),
      wanted,
    ]
    return new Promise((resolve, reject) => {
      const child = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...environment, TMPDIR: temporary, LC_ALL: 'C', PYTHONUNBUFFERED: '1' },
        signal,
      })
      // Before 24.1 pip cannot tell a program how far it is; the file that grows can.
      const stopWatching = isAtLeast(24, 1) ? () => {} : watchGrowth(temporary, onBytes)
      let text = ''
      const keep = (line: string) => {
        const progress = /^Progress (\d+) of (\d+)/.exec(line)
        if (progress) onBytes(Number(progress[1]), Number(progress[2]) || null)
        else text = `${text}${line}\n`.slice(-16_384)
      }
      createInterface(child.stdout).on('line', keep)
      createInterface(child.stderr).on('line', keep)
      child.once('error', (error) => {
        stopWatching()
        reject(error)
      })
      child.once('close', () => {
        stopWatching()
        resolve(text)
      })
    })
  }
}

const growthPeriodMs = 500

/** Tells the bytes of all files in a folder twice a second; of how many, nobody knows. */
function watchGrowth(folder: string, onBytes: DownloadOptions['onBytes']): () => void {
  const look = async () => onBytes(await folderBytes(folder), null)
  const timer = setInterval(() => void look(), growthPeriodMs)
  return () => clearInterval(timer)
}

/** The wheel in a folder that is the requirement's, by its name; null where there is none. */
export async function findWheel(folder: string, requirement: string): Promise<string | null> {
  const name = packageName(requirement)
  const found = (await readdir(folder)).find((file) => parseWheelName(file)?.name === name)
  return found === undefined ? null : join(folder, found)
}
