import { basename } from 'node:path'
import type { CudaSetupReport, WantedWheel } from '../../protocol/cudaSetup'
import { chooseWheel } from './chooseWheel'
import { describeSetup } from './describeSetup'
import { explainPip } from './explainPip'
import { findPython } from './findPython'
import { wheelPipTakes } from './pipWheels'
import { readIndex } from './readIndex'
import { asSetupError } from './setupFailure'
import type { CudaSetupOptions } from './setupOptions'
import { fileBytes } from './wheel'

interface Wheels {
  readonly wheels: readonly WantedWheel[]
  /** What a set-up would fail of; null where every wheel was found. */
  readonly failure: unknown
}

/**
 * What a set-up would fetch, and how large each wheel is: by pip's package index, or in the folder
 * `from`. Nothing is fetched or written. A failure says why sizes are missing; the rest is told all
 * the same.
 */
export async function planSetup(
  options: Pick<CudaSetupOptions, 'folder' | 'runtime' | 'from' | 'withCudnn' | 'reuse'> &
    Partial<Pick<CudaSetupOptions, 'environment'>>,
): Promise<CudaSetupReport> {
  const { folder, from, environment = process.env } = options
  const report = await describeSetup(options, 'dryRun')
  if (report.wanted.length === 0) return report
  const { wheels, failure } = await (
    from === null ? wheelsOfIndex(report.wanted, environment) : wheelsOfFolder(report.wanted, from)
  ).catch((error: unknown): Wheels => ({ wheels: report.wanted.map(unknownWheel), failure: error }))
  return {
    ...report,
    wheels: [...wheels],
    wheelBytes: wheels.reduce<number | null>(
      (sum, { bytes }) => (sum === null || bytes === null ? null : sum + bytes),
      0,
    ),
    error: failure === null ? null : asSetupError(failure, folder.root),
  }
}

const unknownWheel = (requirement: string): WantedWheel => ({
  requirement,
  fileName: null,
  bytes: null,
})

async function wheelsOfIndex(
  wanted: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Wheels> {
  const { files, failure } = await readIndex(await findPython(environment), wanted, environment)
  let missing: unknown = null
  const wheels = wanted.map((requirement) => {
    const listed = files.get(requirement)
    if (!listed) return unknownWheel(requirement)
    const file = wheelPipTakes(listed, requirement)
    if (file) return { requirement, fileName: file.name, bytes: file.bytes }
    missing ??= explainPip('No matching distribution found', requirement, '')
    return unknownWheel(requirement)
  })
  return { wheels, failure: failure ?? missing }
}

async function wheelsOfFolder(wanted: readonly string[], from: string): Promise<Wheels> {
  let failure: unknown = null
  const wheels: WantedWheel[] = []
  for (const requirement of wanted) {
    try {
      const wheel = await chooseWheel(from, requirement)
      wheels.push({ requirement, fileName: basename(wheel), bytes: await fileBytes(wheel) })
    } catch (error) {
      failure ??= error
      wheels.push(unknownWheel(requirement))
    }
  }
  return { wheels, failure }
}
