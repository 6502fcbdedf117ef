import { createHash } from 'node:crypto'
import { decodeTime, isValid } from 'ulid'
import { InputError } from '../core/errors'
import { canonicalJson } from '../core/run/canonicalJson'
import { closeAbandonedRun } from '../core/run/closeAbandonedRun'
import { RunRecord } from '../core/run/record'
import { RunSummary } from '../protocol/contract'
import { openHistoryFile } from './historyFile'
import { isProcessAlive } from './processAlive'
import { summarizeRun } from './runSummary'

/** All runs, in one SQLite file that several applications may have open at once. */
export interface History {
  /** Stores the record as it stands, in place of what was stored of this run before. */
  save(record: RunRecord): void
  /** Newest first. */
  list(): RunSummary[]
  /** null where there is no such run. Throws InputError where nothing can be read of it any more. */
  get(id: string): RunRecord | null
  /** Id of a run that goes on, here or in another application. */
  running(): string | null
  /** Whether there was such a run. */
  remove(id: string): boolean
  close(): void
}

export interface HistoryOptions {
  readonly file: string
  /** Told in one line what a person must know and did not ask for. */
  readonly warn: (line: string) => void
  readonly nowMs?: () => number
  readonly pid?: number
}

/** A run that goes on is written every few seconds; a process that has its id may be another one. */
const abandonedAfterMs = 120_000

interface Row {
  readonly id: string
  readonly summary: string
  readonly summarySha256: string
  readonly record: string
  readonly sha256: string
}

/** @throws InputError as `openHistoryFile` */
export function openHistory({
  file,
  warn,
  nowMs = Date.now,
  pid = process.pid,
}: HistoryOptions): History {
  const database = openHistoryFile(file, warn)
  const upsert = database.prepare(
    `INSERT OR REPLACE INTO run
      (id, outcome, ownerPid, writtenAt, summary, summarySha256, record, sha256)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const selectRunning = database.prepare(
    `SELECT id, ownerPid, writtenAt FROM run WHERE outcome = 'running'`,
  )
  // ULIDs sort by the time at which they were made.
  const selectLines = database.prepare(
    'SELECT id, summary, summarySha256 FROM run ORDER BY id DESC',
  )
  const selectRow = database.prepare(
    'SELECT id, summary, summarySha256, record, sha256 FROM run WHERE id = ?',
  )
  const selectVersion = database.prepare('PRAGMA data_version')
  const removeRow = database.prepare('DELETE FROM run WHERE id = ?')

  /** Whether each record still has its checksum, since another application last wrote. */
  const intactById = new Map<string, boolean>()
  let dataVersion: unknown = null

  function save(record: RunRecord): void {
    const [summary, text] = [canonicalJson(summarizeRun(record)), canonicalJson(record)]
    const owner = record.outcome === 'running' ? pid : null
    upsert.run(
      record.id,
      record.outcome,
      owner,
      nowMs(),
      summary,
      sha256(summary),
      text,
      sha256(text),
    )
    intactById.set(record.id, true)
  }

  function rowOf(id: string): Row | null {
    return (selectRow.get(id) as Row | undefined) ?? null
  }

  function isIntact(id: string): boolean {
    const known = intactById.get(id)
    if (known !== undefined) return known
    const row = rowOf(id)
    const intact = row !== null && hasChecksums(row)
    intactById.set(id, intact)
    return intact
  }

  /** Ends the runs of applications that are gone. */
  function closeAbandoned(): void {
    for (const { id, ownerPid, writtenAt } of selectRunning.all()) {
      const isAlive = typeof ownerPid === 'number' && isProcessAlive(ownerPid)
      if (isAlive && nowMs() - Number(writtenAt) <= abandonedAfterMs) continue
      const row = rowOf(String(id))
      const record = row && hasChecksums(row) ? parseRecord(row.record) : null
      if (record) save(closeAbandonedRun(record))
    }
  }

  return {
    save,
    list() {
      closeAbandoned()
      const version = Object.values(selectVersion.get() ?? {})[0]
      if (version !== dataVersion) intactById.clear()
      dataVersion = version
      return selectLines.all().map((line) => {
        const { id, summary, summarySha256 } = line as unknown as Row
        const read = sha256(summary) === summarySha256 ? parseSummary(summary) : null
        return { ...(read ?? unreadableSummary(id)), intact: read !== null && isIntact(id) }
      })
    },
    get(id) {
      closeAbandoned()
      const row = rowOf(id)
      if (!row) return null
      intactById.set(id, hasChecksums(row))
      const record = parseRecord(row.record)
      if (record) return record
      throw new InputError({
        code: 'FILE_CORRUPT',
        file,
        message: `the stored run ${id} is damaged and cannot be read: remove it, or restore the file from a copy`,
      })
    },
    running() {
      closeAbandoned()
      const id = selectRunning.get()?.['id']
      return typeof id === 'string' ? id : null
    },
    remove: (id) => {
      intactById.delete(id)
      return Number(removeRow.run(id).changes) > 0
    },
    close: () => database.close(),
  }
}

function hasChecksums(row: Row): boolean {
  return sha256(row.record) === row.sha256 && sha256(row.summary) === row.summarySha256
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function parseRecord(text: string): RunRecord | null {
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
