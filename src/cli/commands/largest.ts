import { InputError } from '../../core/errors'
import {
  type FrontierReport,
  type LargestReport,
  SizeName,
  sizeNames,
} from '../../core/plan/largest'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { attemptText, frontierText, largestText } from '../text/largestText'
import { readDecoder, readWorkload, type WorkloadOptions } from '../workloadOptions'

export interface LargestOptions extends WorkloadOptions {
  readonly size?: string
  readonly memoryLimit?: string
  readonly frontier?: boolean
  readonly sequenceLengths?: string
  readonly timeLimit?: string
  readonly json?: boolean
}

/** Searches the largest size that really runs, or several of them; no where not even 1 does. */
export async function largest(
  client: HostClient,
  terminal: Terminal,
  options: LargestOptions,
): Promise<ExitCode> {
  const { memoryLimit, sequenceLengths } = options
  const workload = readWorkload(options, await readDecoder(options))
  const memoryLimitBytes = memoryLimit === undefined ? null : readBytes('memory-limit', memoryLimit)
  if (!options.frontier) {
    if (sequenceLengths !== undefined)
      throw refusal('sequence-lengths', sequenceLengths, 'it goes with --frontier')
    const size = readSize(options.size ?? 'batchSize')
    return oneSize(client, terminal, { workload, size, memoryLimitBytes }, options)
  }
  const question = {
    workload,
    sequenceLengths: sequenceLengths === undefined ? null : readLengths(sequenceLengths),
    memoryLimitBytes,
    timeLimitMs: 1000 * readSeconds(options.timeLimit ?? '120'),
  }
  return frontier(client, terminal, question, options)
}

async function oneSize(
  client: HostClient,
  { out, err }: Terminal,
  question: Parameters<HostClient['largest']>[0],
  { json = false }: LargestOptions,
): Promise<ExitCode> {
  let report: LargestReport | null = null
  for await (const event of await client.largest(question)) {
    if (event.type === 'report') report = event.report
    else err.line(attemptText(event.attempt, err))
  }
  if (!report) throw new Error('the search ended without a report')
  if (json) printJson(out, report)
  else out.line(`\n${largestText(report, out)}`)
  return report.largest > 0 ? exitCodes.ok : exitCodes.no
}

async function frontier(
  client: HostClient,
  { out, err }: Terminal,
  question: Parameters<HostClient['frontier']>[0],
  { json = false }: LargestOptions,
): Promise<ExitCode> {
  let report: FrontierReport | null = null
  for await (const event of await client.frontier(question)) {
    if (event.type === 'report') report = event.report
    else if (event.type === 'attempt')
      err.line(`${event.sequenceLength} tokens  ${attemptText(event.attempt, err)}`)
  }
  if (!report) throw new Error('the search ended without a report')
  if (json) printJson(out, report)
  else out.line(`\n${frontierText(report, out)}`)
  return report.points.some(({ largest: size }) => size !== null && size > 0)
    ? exitCodes.ok
    : exitCodes.no
}

function readSize(value: string): SizeName {
  const parsed = SizeName.safeParse(value)
  if (parsed.success) return parsed.data
  throw refusal('size', value, `choose ${sizeNames.join(' or ')}`)
}

function readLengths(value: string): number[] {
  const lengths = value.split(',').map(Number)
  const maxCount = 12
  const isPossible = lengths.every((length) => Number.isInteger(length) && length >= 1)
  if (isPossible && lengths.length <= maxCount) return lengths
  throw refusal('sequence-lengths', value, `give at most ${maxCount} whole numbers, such as 64,128`)
}

function readSeconds(value: string): number {
  const seconds = Number(value)
  if (seconds >= 1 && seconds <= 3600) return seconds
  throw refusal('time-limit', value, 'give 1 to 3600 seconds')
}

const unitBytes: Readonly<Record<string, number>> = {
  '': 1,
  MB: 1e6,
  GB: 1e9,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}

function readBytes(flag: string, value: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s?(MB|GB|MiB|GiB)?$/.exec(value) ?? []
  const bytes = digits === undefined ? 0 : Math.floor(Number(digits) * unitBytes[unit]!)
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes
  throw refusal(flag, value, 'give a size such as 512MiB, 2GiB or 15GB')
}

function refusal(flag: string, value: string, wayOut: string): InputError {
  return new InputError({
    code: 'INVALID_VALUE',
    path: `--${flag}`,
    message: `"${value}" is not possible, ${wayOut}`,
  })
}
