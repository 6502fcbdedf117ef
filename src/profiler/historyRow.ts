import { createHash } from 'node:crypto'
import { decodeTime, isValid } from 'ulid'
import * as z from 'zod'
import { canonicalJson } from '../core/run/canonicalJson'
import { RunRecord } from '../core/run/record'
import { RunSummary } from '../protocol/contract'
import { type StoredSummary, summarizeRun } from './runSummary'

/** A run as it is stored: two texts, each with the checksum that it had when it was written. */
export interface HistoryRow {
  readonly id: string
  readonly summary: string
  readonly summarySha256: string
  readonly record: string
  readonly sha256: string
  /** The form of records that it is known to have; null where nobody looked. */
  readonly form: string | null
}

/** What is known of a record without opening it. */
export interface RecordState {
  readonly intact: boolean
  readonly otherVersion: boolean
}

let form: string | null = null

/**
 * A name for the form of this version's records. Another version may write records of another form
 * under the same name and number, and to try each takes many times as long as its checksum.
 */
export function recordForm(): string {
  form ??= sha256(JSON.stringify(z.toJSONSchema(RunRecord))).slice(0, 16)
  return form
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
    form: recordForm(),
  }
}

/** The line of the list; what is left of it where somebody changed it, or wrote it in another form. */
export function readLine(
  { id, summary, summarySha256 }: Pick<HistoryRow, 'id' | 'summary' | 'summarySha256'>,
  stateOfRecord: () => RecordState,
): RunSummary {
  if (sha256(summary) !== summarySha256)
    return { ...unreadableSummary(id), intact: false, otherVersion: false }
  const read = parseSummary(summary)
  const { intact, otherVersion } = stateOfRecord()
  return read
    ? { ...read, intact, otherVersion }
    : { ...unreadableSummary(id), intact, otherVersion: intact }
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

const StoredSummarySchema = RunSummary.omit({ intact: true, otherVersion: true })

function parseSummary(text: string): StoredSummary | null {
  return StoredSummarySchema.safeParse(parseJson(text)).data ?? null
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
function unreadableSummary(id: string): StoredSummary {
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
