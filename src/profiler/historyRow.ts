import { createHash } from 'node:crypto'
import { decodeTime, isValid } from 'ulid'
import { canonicalJson } from '../core/run/canonicalJson'
import { RunRecord } from '../core/run/record'
import { RunSummary } from '../protocol/contract'
import { summarizeRun } from './runSummary'

/** A run as it is stored: two texts, each with the checksum that it had when it was written. */
export interface HistoryRow {
  readonly id: string
  readonly summary: string
  readonly summarySha256: string
  readonly record: string
  readonly sha256: string
}

/** What is stored of `record`. */
export function rowOfRecord(record: RunRecord): HistoryRow {
  const [summary, text] = [canonicalJson(summarizeRun(record)), canonicalJson(record)]
  return {
    id: record.id,
    summary,
    summarySha256: sha256(summary),
    record: text,
    sha256: sha256(text),
  }
}

/** The line of the list; what is left of it where somebody changed it. */
export function readLine(
  { id, summary, summarySha256 }: Pick<HistoryRow, 'id' | 'summary' | 'summarySha256'>,
  isRecordIntact: () => boolean,
): RunSummary {
  const read = sha256(summary) === summarySha256 ? parseSummary(summary) : null
  return { ...(read ?? unreadableSummary(id)), intact: read !== null && isRecordIntact() }
}

/** Whether both texts are still what was stored. */
export function hasChecksums(row: HistoryRow): boolean {
  return sha256(row.record) === row.sha256 && sha256(row.summary) === row.summarySha256
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** The record in `text`, or null where it is none any more. */
export function parseRecord(text: string): RunRecord | null {
  return RunRecord.safeParse(parseJson(text)).data ?? null
}

function parseSummary(text: string): Omit<RunSummary, 'intact'> | null {
  return RunSummary.omit({ intact: true }).safeParse(parseJson(text)).data ?? null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Damaged text: the caller's schema refuses it.
    return undefined
  }
}

/** What can be said of a line that is damaged: that it is there. */
function unreadableSummary(id: string): Omit<RunSummary, 'intact'> {
  return {
    id,
    startedAt: new Date(isValid(id) ? decodeTime(id) : 0).toISOString(),
    outcome: 'failed',
    deviceName: '',
    network: '',
    provider: '',
    modes: [],
    precisions: [],
    batchSize: 0,
    stepCount: 0,
    completedStepCount: 0,
  }
}
