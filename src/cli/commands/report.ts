import { InputError } from '../../core/errors'
import { reportLanguages, type ReportLanguage } from '../../core/report/words/reportWords'
import { saveReport } from '../../profiler/export/saveReport'
import { reportFormats, type ReportFormat } from '../../protocol/contract'
import { exitCodes, type ExitCode } from '../exitCodes'
import { findRun } from '../findRun'
import type { HostClient } from '../hostClient'
import type { Terminal } from '../terminal'

interface ReportOptions {
  readonly id: string
  /** As it was typed: `html,pdf`. */
  readonly format?: string
  /** Folder for the files; the current one by default. */
  readonly out?: string
  readonly language?: string
}

/** Writes the report of a run, one file per format, and prints the path of each. */
export async function report(
  client: HostClient,
  { out, err }: Terminal,
  { id, format = 'html', out: folder = '.', language = 'en' }: ReportOptions,
): Promise<ExitCode> {
  const formats = readFormats(format)
  const words = readLanguage(language)
  const run = await findRun(client, id)
  for (const wanted of formats) {
    const file = await client.reports.create({ id: run.id, format: wanted, language: words })
    const bytes = new Uint8Array(await file.content.arrayBuffer())
    const path = await saveReport({ ...file, bytes, notice: null }, folder)
    if (!file.fileName.endsWith(`.${wanted}`))
      err.line(`no ${wanted}: no Chromium, Chrome or Edge could print here; this is the HTML`)
    out.line(path)
  }
  return exitCodes.ok
}

function readFormats(text: string): readonly ReportFormat[] {
  const wanted = [...new Set(text.split(',').map((part) => part.trim()))]
  return wanted.map((part) => {
    const known = reportFormats.find((name) => name === part)
    if (known !== undefined) return known
    throw refusal('--format', part, reportFormats)
  })
}

function readLanguage(text: string): ReportLanguage {
  const known = reportLanguages.find((name) => name === text)
  if (known === undefined) throw refusal('--language', text, reportLanguages)
  return known
}

function refusal(path: string, value: string, allowed: readonly string[]): InputError {
  const message = `"${value}" is not possible, choose ${allowed.join(', ')}`
  return new InputError({ code: 'INVALID_VALUE', path, message })
}
