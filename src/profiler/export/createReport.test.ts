import { createHash } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { RunRecord } from '../../core/run/record'
import { createReport } from './createReport'
import { findBrowser } from './findBrowser'
import { printWithBrowser } from './printWithBrowser'

const record = exampleRun()
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('createReport', () => {
  it.each([
    ['html', 'text/html;charset=utf-8', '<!doctype html>'],
    ['md', 'text/markdown;charset=utf-8', '# digits-mlp'],
    ['csv', 'text/csv;charset=utf-8', 'runId,'],
    ['json', 'application/json', '{"device":'],
  ] as const)('writes %s as %s', async (format, mediaType, start) => {
    const file = await createReport(record, { format, language: 'en' })
    expect(file).toMatchObject({ mediaType, notice: null })
    expect(file.fileName).toBe(`headroom-digits-mlp-20260101-000000.${format}`)
    expect(text(file.bytes).startsWith(start)).toBe(true)
  })

  it('gives the record whole as JSON, with the checksum that the HTML shows', async () => {
    const json = await createReport(record, { format: 'json', language: 'en' })
    const html = await createReport(record, { format: 'html', language: 'en' })
    expect(RunRecord.parse(JSON.parse(text(json.bytes)))).toEqual(record)
    expect(text(html.bytes)).toContain(createHash('sha256').update(json.bytes).digest('hex'))
  })

  it('gives the HTML and one line where nothing prints', async () => {
    const file = await createReport(record, {
      format: 'pdf',
      language: 'en',
      printPdf: () => Promise.resolve(null),
    })
    expect(file.fileName).toMatch(/\.html$/)
    expect(file.notice).toMatch(/^no PDF: no Chromium, Chrome or Edge was found; .*HTML.*\.$/)
  })

  it('makes a file name of an id that is none', async () => {
    const file = await createReport(exampleRun({ id: '../x/..' }), { format: 'md', language: 'en' })
    expect(file.fileName).toBe('headroom-digits-mlp-20260101-__x___.md')
  })
})

describe('printing by a browser', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headroom-test-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function program(name: string, script: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
    return path
  }

  it.skipIf(findBrowser() === null)('gives a PDF', { timeout: 90_000 }, async () => {
    const { bytes, mediaType, notice } = await createReport(record, {
      format: 'pdf',
      language: 'en',
    })
    expect({ mediaType, notice }).toEqual({ mediaType: 'application/pdf', notice: null })
    expect(text(bytes.slice(0, 5))).toBe('%PDF-')
    expect(bytes.byteLength).toBeGreaterThan(10_000)
  })

  it.skipIf(process.platform === 'win32')('says in one line how a browser failed', async () => {
    const failing = await program('failing', 'exit 3')
    const idle = await program('idle', 'exit 0')
    await expect(printWithBrowser('', failing)).rejects.toThrow('failing ended with 3')
    await expect(printWithBrowser('', idle)).rejects.toThrow('idle ended without printing')
  })

  it.skipIf(process.platform === 'win32')('finds a browser by PATH', async () => {
    const path = await program('chromium', 'exit 0')
    expect(findBrowser('linux', { PATH: `/nowhere:${folder}` })).toBe(path)
    expect(findBrowser('linux', { PATH: '/nowhere' })).toBeNull()
  })
})
