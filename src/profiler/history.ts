import { InputError } from '../core/errors'
import { closeAbandonedRun } from '../core/run/closeAbandonedRun'
import type { RunRecord } from '../core/run/record'
import type { RunSummary } from '../protocol/contract'
import { openHistoryFile } from './historyFile'
import {
  hasChecksums,
  type HistoryRow,
  parseRecord,
  readLine,
  recordForm,
  type RecordState,
  rowOfRecord,
} from './historyRow'
import { isProcessAlive } from './processAlive'

/** All runs, in one SQLite file that several applications may have open at once. */
export interface History {
  /** Stores the record as it stands, in place of what was stored of this run before. */
  save(record: RunRecord): void
  /** Newest first. */
  list(): RunSummary[]
  /** null where there is no such run. Throws InputError where it is damaged, or of a version not read here. */
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
      (id, outcome, ownerPid, writtenAt, summary, summarySha256, record, sha256, form)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const selectRunning = database.prepare(
    `SELECT id, ownerPid, writtenAt FROM run WHERE outcome = 'running'`,
  )
  // ULIDs sort by the time at which they were made.
  const selectLines = database.prepare(
    'SELECT id, summary, summarySha256 FROM run ORDER BY id DESC',
  )
  const selectRow = database.prepare(
    'SELECT id, summary, summarySha256, record, sha256, form FROM run WHERE id = ?',
  )
  const selectVersion = database.prepare('PRAGMA data_version')
  const endRow = database.prepare(`UPDATE run SET outcome = 'failed' WHERE id = ?`)
  const noteForm = database.prepare('UPDATE run SET form = ? WHERE id = ?')
  const removeRow = database.prepare('DELETE FROM run WHERE id = ?')

  /** What was found of each record, since another application last wrote. */
  const stateById = new Map<string, RecordState>()
  let dataVersion: unknown = null

  function save(record: RunRecord): void {
    const { id, summary, summarySha256, record: text, sha256, form } = rowOfRecord(record)
    const owner = record.outcome === 'running' ? pid : null
    upsert.run(id, record.outcome, owner, nowMs(), summary, summarySha256, text, sha256, form)
    stateById.set(id, { intact: true, otherVersion: false })
  }

  function rowOf(id: string): HistoryRow | null {
    return (selectRow.get(id) as HistoryRow | undefined) ?? null
  }

  function stateOf(id: string): RecordState {
    const known = stateById.get(id)
    if (known !== undefined) return known
    const row = rowOf(id)
    const intact = row !== null && hasChecksums(row)
    const state = { intact, otherVersion: intact && !isReadable(row) }
    stateById.set(id, state)
    return state
  }

  /** A record of this version's form is not tried; one that proves to be readable is noted as such. */
  function isReadable({ id, form, record }: HistoryRow): boolean {
    if (form === recordForm()) return true
    if (parseRecord(record) === null) return false
    try {
      noteForm.run(recordForm(), id)
    } catch (error) {
      // A full disk keeps nobody from reading: it is tried again the next time.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw error
    }
    return true
  }

  /** Ends the runs of applications that are gone. */
  function closeAbandoned(): void {
    for (const { id, ownerPid, writtenAt } of selectRunning.all()) {
      const isAlive = typeof ownerPid === 'number' && isProcessAlive(ownerPid)
      if (isAlive && nowMs() - Number(writtenAt) <= abandonedAfterMs) continue
      const row = rowOf(String(id))
      const record = row && hasChecksums(row) ? parseRecord(row.record) : null
      if (record) save(closeAbandonedRun(record))
      else endRow.run(String(id)) // damaged: it stays as it is, but nobody waits for it
    }
  }

  function list(): RunSummary[] {
    closeAbandoned()
    const version = Object.values(selectVersion.get() ?? {})[0]
    if (version !== dataVersion) stateById.clear()
    dataVersion = version
    return (selectLines.all() as unknown as HistoryRow[]).map((line) =>
      readLine(line, () => stateOf(line.id)),
    )
  }

  function get(id: string): RunRecord | null {
    closeAbandoned()
    const row = rowOf(id)
    if (!row) return null
    const intact = hasChecksums(row)
    const record = parseRecord(row.record)
    stateById.set(id, { intact, otherVersion: intact && record === null })
    if (record) return record
    if (intact)
      throw new InputError({
        code: 'UNSUPPORTED',
        file,
        message: `the stored run ${id} was made by another version of Headroom: it is undamaged, but this version does not read it; measure again, or open it with that one`,
      })
    throw new InputError({
      code: 'FILE_CORRUPT',
      file,
      message: `the stored run ${id} is damaged and cannot be read: remove it, or restore the file from a copy`,
    })
  }

  function running(): string | null {
    closeAbandoned()
    const id = selectRunning.get()?.['id']
    return typeof id === 'string' ? id : null
  }

  return {
    save: (record) => answering(file, () => save(record)),
    list: () => answering(file, list),
    get: (id) => answering(file, () => get(id)),
    running: () => answering(file, running),
    remove: (id) =>
      answering(file, () => {
        stateById.delete(id)
        return Number(removeRow.run(id).changes) > 0
      }),
    close: () => database.close(),
  }
}

/** What SQLite cannot do is the file's or the disk's matter, and is said in one line. */
function answering<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR') throw error
    const message = `${(error as Error).message}: make room, or set HEADROOM_DATA to another folder`
    throw new InputError({ code: 'FILE_UNREADABLE', file, message })
  }
}
