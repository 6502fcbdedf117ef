import { knownBytes, knownNumber, knownText } from './csvCells'
import { parseMigDevices, type MigDevice } from './migDevices'
import { querySmi } from './querySmi'
import { runCommand, type CommandAnswer } from './runCommand'
import { parseSmiTable } from './smiTable'

/** One GPU as nvidia-smi reports it. */
export interface NvidiaGpu {
  /** nvidia-smi's own, which is the order of PCI bus ids. */
  readonly index: number
  readonly uuid: string | null
  readonly name: string
  readonly memoryTotalBytes: number | null
  readonly memoryFreeBytes: number | null
  readonly driverVersion: string | null
  readonly computeCapability: string | null
  readonly powerLimitWatts: number | null
  /** Whether it is cut into instances, which are then what computes. */
  readonly migEnabled: boolean
}

export interface NvidiaReport {
  readonly status: CommandAnswer['status']
  readonly gpus: readonly NvidiaGpu[]
  readonly migDevices: readonly MigDevice[]
  /** What nvidia-smi said where it found nothing, in one line. */
  readonly problem: string | null
}

/** A healthy driver answers in about 0.1 s, one that has to be woken up in one. */
const timeoutMs = 2000

const fields = [
  'index',
  'uuid',
  'name',
  'memory.total',
  'memory.free',
  'driver_version',
  'compute_cap',
  'power.limit',
  'mig.mode.current',
]

/** Asks nvidia-smi for the GPUs, without the fields that an old one does not know. Never throws. */
export async function readNvidiaSmi(command = 'nvidia-smi'): Promise<NvidiaReport> {
  const answer = await querySmi(command, fields)
  const gpus = parseNvidiaSmi(answer.stdout)
  const migDevices = gpus.some(({ migEnabled }) => migEnabled) ? await readMig(command) : []
  const lines = `${answer.stdout}\n${answer.stderr}`.split('\n').map((line) => line.trim())
  // The head of a table without rows is no answer: a GPU that is lost has none.
  const said = lines.find((line) => line !== '' && !isHead(line)) ?? null
  return { status: answer.status, gpus, migDevices, problem: gpus.length === 0 ? said : null }
}

async function readMig(command: string): Promise<readonly MigDevice[]> {
  return parseMigDevices((await runCommand(command, ['-q', '-x'], timeoutMs)).stdout)
}

/**
 * Reads `nvidia-smi --query-gpu=… --format=csv`: the columns are found by their names in the header,
 * which carry the unit, as the cells may. Lines that are no row of the table (warnings, the note of
 * a lost GPU) are passed over.
 */
export function parseNvidiaSmi(csv: string): NvidiaGpu[] {
  return parseSmiTable(csv, isHead).flatMap((row) => {
    const cell = (name: string) => row.get(name)
    const index = knownNumber(cell('index'))
    const name = knownText(cell('name'))
    if (index === null || name === null) return []
    return [
      {
        index,
        uuid: knownText(cell('uuid')),
        name,
        memoryTotalBytes: knownBytes(cell('memory.total')),
        memoryFreeBytes: knownBytes(cell('memory.free')),
        driverVersion: knownText(cell('driver_version')),
        computeCapability: knownText(cell('compute_cap')),
        powerLimitWatts: knownNumber(cell('power.limit')),
        migEnabled: knownText(cell('mig.mode.current')) === 'Enabled',
      },
    ]
  })
}

function isHead(line: string): boolean {
  return /^index\b.*\bname\b/.test(line)
}
