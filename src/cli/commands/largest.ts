import { InputError } from '../../core/errors'
import { type LargestReport, SizeName, sizeNames } from '../../core/plan/largest'
import { exitCodes, type ExitCode } from '../exitCodes'
import type { HostClient } from '../hostClient'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { attemptText, largestText } from '../text/largestText'
import { readDecoder, readWorkload, type WorkloadOptions } from '../workloadOptions'

export interface LargestOptions extends WorkloadOptions {
  readonly size?: string
  readonly memoryLimit?: string
  readonly json?: boolean
}

/** Searches the largest size that really runs; no where not even 1 does. */
export async function largest(
  client: HostClient,
  { out, err }: Terminal,
  { json = false, size = 'batchSize', memoryLimit, ...options }: LargestOptions,
): Promise<ExitCode> {
  const workload = readWorkload(options, await readDecoder(options))
  const question = {
    workload,
    size: readSize(size),
    memoryLimitBytes: memoryLimit === undefined ? null : readBytes('memory-limit', memoryLimit),
  }
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

function readSize(value: string): SizeName {
  const parsed = SizeName.safeParse(value)
  if (parsed.success) return parsed.data
  throw refusal('size', value, `choose ${sizeNames.join(' or ')}`)
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
