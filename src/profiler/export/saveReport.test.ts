import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { InputError } from '../../core/errors'
import type { ReportFile } from './reportFile'
import { saveReport } from './saveReport'
import { writeFileAtomically } from './writeFileAtomically'

const bytes = new TextEncoder().encode('report')
const file: ReportFile = { fileName: 'r.md', mediaType: 'text/markdown', bytes, notice: null }
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-test-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('makes the folder and leaves nothing beside the file', async () => {
  const path = await saveReport(file, join(folder, 'a', 'b'))
  expect(await readFile(path, 'utf8')).toBe('report')
  expect(await readdir(join(folder, 'a', 'b'))).toEqual(['r.md'])
})

it('replaces what was there as a whole', async () => {
  await writeFile(join(folder, 'r.md'), 'a much longer older report')
  await saveReport(file, folder)
  expect(await readFile(join(folder, 'r.md'), 'utf8')).toBe('report')
})

it('leaves nothing behind where the file cannot be put in its place', async () => {
  await expect(writeFileAtomically(folder, bytes)).rejects.toThrow(/E\w+/) // a folder is there
  const path = join(folder, 'taken')
  await writeFile(path, '')
  await expect(saveReport(file, path)).rejects.toThrow(InputError)
  expect(await readdir(folder)).toEqual(['taken'])
})

it('says which file and what to do in one line', async () => {
  await writeFile(join(folder, 'taken'), '')
  const refusal = saveReport(file, join(folder, 'taken'))
  await expect(refusal).rejects.toThrow(/^cannot be written \(E\w+\)\. Choose another folder/)
})
