import { knownBytes, knownNumber, knownText } from './csvCells'
import { parseMigDevices, type MigDevice } from './migDevices'
import { runCommand, type CommandAnswer } from './runCommand'

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
  let asked = fields
  let answer = await query(command, asked)
  // An nvidia-smi that is older than a field refuses the whole query, naming one field at a time.
  while (answer.status === 'failed' && asked.length > 0) {
    const unknown = unknownField(answer.stdout + answer.stderr)
    if (unknown === null || !asked.includes(unknown)) break
    asked = asked.filter((field) => field !== unknown)
    answer = await query(command, asked)
  }
  const gpus = parseNvidiaSmi(answer.stdout)
  const migDevices = gpus.some(({ migEnabled }) => migEnabled) ? await readMig(command) : []
  const said = `${answer.stdout}\n${answer.stderr}`.trim().split('\n', 1)[0]?.trim() || null
  return { status: answer.status, gpus, migDevices, problem: gpus.length === 0 ? said : null }
}

function query(command: string, asked: readonly string[]): Promise<CommandAnswer> {
  return runCommand(command, [`--query-gpu=${asked.join(',')}`, '--format=csv'], timeoutMs)
}

async function readMig(command: string): Promise<readonly MigDevice[]> {
  return parseMigDevices((await runCommand(command, ['-q', '-x'], timeoutMs)).stdout)
}

function unknownField(text: string): string | null {
  return /Field "([\w.]+)" is not a valid field/.exec(text)?.[1] ?? null
}

/**
 * Reads `nvidia-smi --query-gpu=… --format=csv`: the columns are found by their names in the header,
 * which carry the unit, as the cells may. Lines that are no row of the table (warnings, the note of
 * a lost GPU) are passed over.
 */
export function parseNvidiaSmi(csv: string): NvidiaGpu[] {
  const lines = csv.split(/\r?\n/)
  const headerAt = lines.findIndex((line) => /^index\b.*\bname\b/.test(line))
  if (headerAt < 0) return []
  const columns = lines[headerAt]!.split(/, ?/).map((title) => title.replace(/ \[.*\]$/, '').trim())
  return lines.slice(headerAt + 1).flatMap((line) => {
    const cells = line.split(', ') // with the space: a comma alone may be a decimal point
    if (cells.length !== columns.length) return []
    const cell = (name: string) => cells[columns.indexOf(name)]
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
