import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bundleEntry } from '../../test/bundleEntry'
import { plannedStep, runRecord } from '../../test/runRecords'
import { openHistory, type History } from './history'

let folder: string
let file: string
let warnings: string[]
const open: History[] = []

function openHere(options: { nowMs?: () => number; pid?: number } = {}): History {
  const history = openHistory({ file, warn: (line) => warnings.push(line), ...options })
  open.push(history)
  return history
}

/** Changes the file as somebody else would. */
function change(sql: string): void {
  const database = new DatabaseSync(file)
  database.exec(sql)
  database.close()
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-history-'))
  file = join(folder, 'made/on/demand/history.sqlite')
  warnings = []
})
afterEach(() => {
  for (const history of open.splice(0)) history.close()
  rmSync(folder, { recursive: true })
})

it('gives back what was saved, newest first, also after it was closed', () => {
  const first = runRecord({ id: '01J00000000000000000000001' })
  const second = runRecord({ id: '01J00000000000000000000002', outcome: 'partial' })
  const before = openHere()
  before.save(second)
  before.save(first)
  const history = openHere()
  expect(history.get(first.id)).toEqual(first)
  expect(history.list().map(({ id, outcome, intact }) => [id, outcome, intact])).toEqual([
    [second.id, 'partial', true],
    [first.id, 'completed', true],
  ])
})

it('replaces a record by its later state', () => {
  const history = openHere()
  history.save(runRecord({ outcome: 'running' }))
  history.save(runRecord({ outcome: 'cancelled' }))
  expect(history.list()).toHaveLength(1)
  expect(history.get(runRecord().id)?.outcome).toBe('cancelled')
})

it('knows when there is no such run', () => {
  const history = openHere()
  history.save(runRecord())
  expect(history.get('other')).toBeNull()
  expect(history.remove('other')).toBe(false)
  expect(history.remove(runRecord().id)).toBe(true)
  expect(history.list()).toEqual([])
})

it('says that a record was changed, while it runs and after', () => {
  const history = openHere()
  history.save(runRecord())
  expect(history.list()[0]?.intact).toBe(true)
  change(`UPDATE run SET record = replace(record, '"batchSize":64', '"batchSize":65')`)
  expect(history.list()[0]?.intact).toBe(false)
  expect(openHere().list()[0]?.intact).toBe(false)
  expect(history.get(runRecord().id)?.steps[0]?.batchSize).toBe(65)
})

it('says that a line of the list was changed', () => {
  const history = openHere()
  history.save(runRecord())
  change(`UPDATE run SET summary = replace(summary, 'Test CPU', 'H100')`)
  expect(history.list()[0]).toMatchObject({ intact: false, deviceName: '' })
})

it('refuses to guess at a record that cannot be read', () => {
  const history = openHere()
  history.save(runRecord())
  change(`UPDATE run SET record = '{"schema"'`)
  expect(() => history.get(runRecord().id)).toThrow('is damaged and cannot be read')
  expect(history.list()[0]?.intact).toBe(false)
})

it('tells a run of another version from a damaged one', () => {
  const history = openHere()
  history.save(runRecord())
  // As a version stores it whose records have other fields: with the checksum of what it wrote.
  const text = '{"schema":"headroom/run/1"}'
  const sum = createHash('sha256').update(text).digest('hex')
  change(`UPDATE run SET record = '${text}', sha256 = '${sum}', form = 'another'`)
  expect(() => history.get(runRecord().id)).toThrow('was made by another version of Headroom')
  expect(history.list()[0]).toMatchObject({ intact: true, otherVersion: true })
})

it('marks a run of another version in the list, opened or not', () => {
  const history = openHere()
  const id = (at: number) => `01J0000000000000000000000${at}`
  for (const at of [1, 2, 3]) history.save(runRecord({ id: id(at) }))
  const sum = (text: string) => createHash('sha256').update(text).digest('hex')
  const [record, summary] = ['{"schema":"headroom/run/1"}', '{"name":"of other fields"}']
  change(`UPDATE run SET form = NULL`)
  change(`UPDATE run SET record = '${record}', sha256 = '${sum(record)}' WHERE id = '${id(2)}'`)
  const line = `summary = '${summary}', summarySha256 = '${sum(summary)}'`
  change(`UPDATE run SET ${line} WHERE id = '${id(1)}'`)
  const marks = () =>
    openHere()
      .list()
      .map((run) => [run.id, run.intact, run.otherVersion])
  const expected = [
    [id(3), true, false],
    [id(2), true, true],
    [id(1), true, true],
  ]
  expect(marks()).toEqual(expected)
  expect(marks()).toEqual(expected)
})

it('brings a file of the first version up to date', () => {
  openHere().save(runRecord())
  change('ALTER TABLE run DROP COLUMN form')
  change('PRAGMA user_version = 1')
  expect(openHere().list()[0]).toMatchObject({ intact: true, otherVersion: false })
})

it('tries a record once only, and none that this version wrote', () => {
  const history = openHere()
  history.save(runRecord())
  const form = () => {
    const database = new DatabaseSync(file)
    const row = database.prepare('SELECT form FROM run').get()
    database.close()
    return row?.['form']
  }
  const own = form()
  expect(own).toMatch(/^[0-9a-f]{16}$/)
  change(`UPDATE run SET form = 'of another version'`)
  expect(openHere().list()[0]).toMatchObject({ intact: true, otherVersion: false })
  expect(form()).toBe(own)
})

it('ends the run of an application that is gone, and keeps what it measured', () => {
  const steps = [
    plannedStep({ outcome: 'completed' }),
    plannedStep({ outcome: 'running', latencySamplesMs: [1, 2] }),
    plannedStep(),
  ]
  // Process numbers end at 2²²; this one cannot exist.
  openHere({ pid: 2 ** 22 + 1 }).save(runRecord({ outcome: 'running', steps }))
  const record = openHere().get(runRecord().id)
  expect(record?.outcome).toBe('failed')
  expect(record?.steps.map(({ outcome }) => outcome)).toEqual(['completed', 'crashed', 'skipped'])
  expect(record?.steps[1]).toMatchObject({
    latencySamplesMs: [1, 2],
    reason: 'Headroom itself ended while this step ran',
  })
})

it('leaves the run of an application that is alive, unless it has been silent for two minutes', () => {
  openHere({ nowMs: () => 0, pid: process.ppid }).save(runRecord({ outcome: 'running' }))
  expect(openHere({ nowMs: () => 120_000 }).list()[0]?.outcome).toBe('running')
  expect(openHere({ nowMs: () => 120_001 }).list()[0]?.outcome).toBe('failed')
})

it('knows the run that goes on in another application, as long as that is alive', () => {
  const here = openHere()
  expect(here.running()).toBeNull()
  openHere({ pid: process.ppid }).save(runRecord({ outcome: 'running' }))
  expect(here.running()).toBe(runRecord().id)
  openHere({ pid: 2 ** 22 + 1 }).save(runRecord({ outcome: 'running' }))
  expect(here.running()).toBeNull()
})

it('waits for no run whose record is damaged', () => {
  const here = openHere()
  openHere({ pid: 2 ** 22 + 1 }).save(runRecord({ outcome: 'running' }))
  change(`UPDATE run SET record = '{'`)
  expect(here.running()).toBeNull()
  expect(here.list()[0]?.intact).toBe(false)
})

it('refuses the file of a newer Headroom in one line and leaves it as it is', () => {
  openHere().close()
  open.pop()
  change('PRAGMA user_version = 7')
  const bytes = readFileSync(file)
  expect(() => openHere()).toThrow(
    'a newer Headroom wrote this history (version 7, this one knows 2): update Headroom, or set HEADROOM_DATA to another folder',
  )
  expect(readFileSync(file)).toEqual(bytes)
})

it.each([
  ['its head', 0],
  ['a page in its middle', 4096],
])('moves aside a file that is damaged at %s, and says so', (_place, offset) => {
  const before = openHere()
  for (let each = 0; each < 20; each += 1) before.save(runRecord({ id: `run-${each}` }))
  before.close()
  open.pop()
  const bytes = readFileSync(file)
  bytes.fill(0xa5, offset, offset + 4096)
  writeFileSync(file, bytes)
  const history = openHere()
  expect(history.list()).toEqual([])
  expect(warnings).toEqual([expect.stringContaining('It was kept as')])
  const aside = readdirSync(join(file, '..')).find((name) => name.endsWith('.damaged-1'))
  expect(readFileSync(join(file, '..', aside!))).toEqual(bytes)
})

it('says in one line what SQLite cannot do', () => {
  const history = openHere()
  change('DROP TABLE run')
  expect(() => history.list()).toThrow(/^no such table: run: make room, or set HEADROOM_DATA/)
})

it('names the folder that cannot be written', () => {
  writeFileSync(join(folder, 'made'), 'a file where a folder should be')
  expect(() => openHere()).toThrow('set HEADROOM_DATA to another one')
})

it.runIf(process.platform === 'linux')('gives up where no folder can be made', () => {
  file = '/proc/headroom/history.sqlite'
  expect(() => openHere()).toThrow('set HEADROOM_DATA to another one')
})

it('loses nothing where two applications write at once', async () => {
  const writer = await bundleEntry('test/profiler/historyWriter.ts')
  const run = (first: string) => promisify(execFile)(process.execPath, [writer, file, first, '40'])
  const results = await Promise.all([run('A'), run('B')])
  expect(
    results.map(({ stderr }) => stderr.replaceAll(/.*(Warning|trace-warnings).*\n/g, '')),
  ).toEqual(['', ''])
  const lines = openHere().list()
  expect(lines).toHaveLength(80)
  expect(lines.every(({ intact }) => intact)).toBe(true)
}, 30_000)
