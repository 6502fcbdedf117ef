import { assertNever } from '../../core/errors'
import { reportCsv } from '../../core/report/csv'
import { reportHtml } from '../../core/report/html'
import { reportMarkdown } from '../../core/report/markdown'
import type { ReportLanguage } from '../../core/report/words/reportWords'
import { canonicalJson } from '../../core/run/canonicalJson'
import type { RunRecord } from '../../core/run/record'
import type { ReportFormat } from '../../protocol/contract'
import { printWithBrowser } from './printWithBrowser'
import { mediaTypes, reportFileName, type ReportFile } from './reportFile'

/** HTML as PDF, A4; null where nothing on this machine prints. */
export type PrintPdf = (html: string) => Promise<Uint8Array | null>

export interface ReportOptions {
  readonly format: ReportFormat
  readonly language: ReportLanguage
  /** How the host prints; by default an installed Chromium, Chrome or Edge. */
  readonly printPdf?: PrintPdf | undefined
}

/**
 * The report of `record` as a file. Where a PDF cannot be made it is the HTML, which any browser
 * prints, and `notice` says so.
 */
export async function createReport(
  record: RunRecord,
  { format, language, printPdf = printWithBrowser }: ReportOptions,
): Promise<ReportFile> {
  if (format !== 'pdf') return reportFile(record, format, textOf(record, format, language))
  const html = reportHtml(record, language)
  const pdf = await print(html, printPdf)
  return 'bytes' in pdf
    ? reportFile(record, 'pdf', pdf.bytes)
    : { ...reportFile(record, 'html', html), notice: pdf.notice }
}

function textOf(
  record: RunRecord,
  format: Exclude<ReportFormat, 'pdf'>,
  language: ReportLanguage,
): string {
  switch (format) {
    case 'html':
      return reportHtml(record, language)
    case 'md':
      return reportMarkdown(record, language)
    case 'csv':
      return reportCsv(record)
    case 'json':
      // As it is stored: the file's own SHA-256 is the checksum that the HTML shows.
      return canonicalJson(record)
    default:
      return assertNever(format)
  }
}

function reportFile(
  record: RunRecord,
  format: ReportFormat,
  content: string | Uint8Array,
): ReportFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const fileName = reportFileName(record, format)
  return { fileName, mediaType: mediaTypes[format], bytes, notice: null }
}

const wayOut = 'this is the HTML; open it in a browser and print it'

async function print(
  html: string,
  printPdf: PrintPdf,
): Promise<{ bytes: Uint8Array } | { notice: string }> {
  try {
    const bytes = await printPdf(html)
    if (bytes) return { bytes }
    return { notice: `no PDF: no Chromium, Chrome or Edge was found; ${wayOut}.` }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { notice: `no PDF: ${reason.replaceAll(/\s+/g, ' ')}; ${wayOut}.` }
  }
}
