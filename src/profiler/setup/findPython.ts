import { delimiter, join } from 'node:path'
import { runCommand } from '../detect/runCommand'
import { SetupFailure } from './setupFailure'

/** A Python that has pip. */
export interface Python {
  readonly command: string
  /** Of pip: [24, 1]. */
  readonly pipVersion: readonly [number, number]
}

/** Starting a Python for the first time reads a few hundred files. */
const timeoutMs = 20_000

/**
 * The first Python with pip: of an active environment, then of PATH. Which version it is does not
 * matter, since it only fetches.
 * @throws SetupFailure where there is none
 */
export async function findPython(environment: NodeJS.ProcessEnv): Promise<Python> {
  const active = [environment.VIRTUAL_ENV, environment.CONDA_PREFIX].filter(
    (folder) => folder !== undefined && folder !== '',
  )
  const candidates = [...active.map((folder) => join(folder!, 'bin/python')), 'python3', 'python']
  let withoutPip: string | null = null
  for (const command of candidates) {
    const answer = await runCommand(command, ['-m', 'pip', '--version'], timeoutMs, environment)
    const version = /^pip (\d+)\.(\d+)/m.exec(answer.stdout)
    if (answer.status === 'ok' && version)
      return { command, pipVersion: [Number(version[1]), Number(version[2])] }
    if (/No module named pip/.test(answer.stderr)) withoutPip ??= command
  }
  const searched = (environment.PATH ?? '').split(delimiter).length
  throw new SetupFailure(
    'NO_PYTHON',
    withoutPip === null
      ? `no python3 in the ${searched} folders of PATH: install it with apt-get install python3-pip, or give a folder with the wheels by --from`
      : `${withoutPip} has no pip: install it with apt-get install python3-pip, or give a folder with the wheels by --from`,
  )
}
