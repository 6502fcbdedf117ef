import { existsSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { InputError } from '../core/errors'
import { MiB } from '../core/units'
import { makeFolder } from './makeFolder'

// Opens the file of the history: makes it, brings it up to date, and never throws away a file that
// it cannot read. Uses only what node:sqlite has had since Node.js 22.13.

/** Each brings the file from the version that is its index to the next. */
const migrations = [
  `CREATE TABLE run (
    id TEXT PRIMARY KEY,
    outcome TEXT NOT NULL,
    /** Of the application that runs it, and when that last wrote, ms; null once the run has ended. */
    ownerPid INTEGER,
    writtenAt INTEGER NOT NULL,
    /** Canonical JSON of the history's line, and of the whole record. */
    summary TEXT NOT NULL,
    summarySha256 TEXT NOT NULL,
    record TEXT NOT NULL,
    sha256 TEXT NOT NULL
  ) STRICT`,
  /** Of the newest form of records (recordForm) that this one is known to have; null: never tried. */
  'ALTER TABLE run ADD COLUMN form TEXT',
]

/** Reading a whole file this large takes about a tenth of a second; checksums guard larger ones. */
const maxCheckedBytes = 64 * MiB
/** Another application may be writing: a record of megabytes takes it some milliseconds. */
const busyTimeoutMs = 5000
/** In 3200 openings of a new file by four processes at the same moment, a second try was enough. */
const maxJournalTries = 10

/**
 * The open file. One that is damaged is moved aside, and `warn` is told where it is now.
 * @throws InputError where the folder cannot be written or a newer Headroom wrote the file
 */
export function openHistoryFile(file: string, warn: (line: string) => void): DatabaseSync {
  try {
    return openAndMigrate(file)
  } catch (error) {
    if (!isDamage(error)) throw asInputError(error, file)
    const aside = moveAside(file)
    warn(
      `The history ${file} is damaged (${messageOf(error)}). It was kept as ${aside}, and a new one was begun.`,
    )
    return openAndMigrate(file)
  }
}

/** Whether SQLite says that the file itself is broken. */
function isDamage(error: unknown): boolean {
  return /not a database|malformed|disk image|quick_check/i.test(messageOf(error))
}

function openAndMigrate(file: string): DatabaseSync {
  makeFolder(dirname(file), 0o700)
  const isChecked = existsSync(file) && statSync(file).size <= maxCheckedBytes
  const database = new DatabaseSync(file)
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    if (isChecked) check(database)
    refuseNewer(versionOf(database), file)
    useWriteAheadLog(database)
    migrate(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * SQLite waits for other applications everywhere but where the journal is changed: there it says at
 * once that the database is locked. A transaction of ours waits until theirs has ended.
 */
function useWriteAheadLog(database: DatabaseSync): void {
  for (let tries = 1; ; tries += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (tries === maxJournalTries) throw error
    }
    database.exec('BEGIN IMMEDIATE; COMMIT')
  }
}

function check(database: DatabaseSync): void {
  const found = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]
  if (found !== 'ok') throw new Error(`quick_check: ${String(found)}`)
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}

function refuseNewer(version: number, file: string): void {
  if (version <= migrations.length) return
  throw new InputError({
    code: 'UNSUPPORTED',
    file,
    message: `a newer Headroom wrote this history (version ${version}, this one knows ${migrations.length}): update Headroom, or set HEADROOM_DATA to another folder`,
  })
}

/** Inside one transaction: two applications may start at the same moment. */
function migrate(database: DatabaseSync): void {
  if (versionOf(database) === migrations.length) return
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const migration of migrations.slice(versionOf(database))) database.exec(migration)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

/** Renames the file and what belongs to it to a name that is free. */
function moveAside(file: string): string {
  let number = 1
  while (existsSync(`${file}.damaged-${number}`)) number += 1
  const aside = `${file}.damaged-${number}`
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return aside
}

function asInputError(error: unknown, file: string): unknown {
  if (error instanceof InputError) return error
  const { code } = error as NodeJS.ErrnoException
  const isOurs = code === undefined || !/^(E[A-Z]+|ERR_SQLITE_ERROR)$/.test(code)
  if (isOurs) return error
  return new InputError({
    code: 'FILE_UNREADABLE',
    file,
    message: `the history cannot be opened (${messageOf(error)}): make the folder writable, or set HEADROOM_DATA to another one`,
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
