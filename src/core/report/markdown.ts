import type { RunRecord } from '../run/record'
import { describeRun } from './describeRun'
import type { ReportSection, ReportTable } from './runReport'
import type { ReportLanguage } from './words/reportWords'

/** The report without its charts, for a README or an issue: every line of it is text, never markup. */
export function reportMarkdown(record: RunRecord, language: ReportLanguage): string {
  const report = describeRun(record, language)
  const [headline = '', ...others] = report.verdicts
  const blocks = [
    `# ${escapeText(report.title)}`,
    `**${escapeText(headline)}**`,
    list(others),
    ...report.warnings.map((warning) => `> ${escapeText(warning)}`),
    report.facts
      .map(({ label, value }) => `- ${escapeText(label)}: ${escapeText(value)}`)
      .join('\n'),
    ...report.sections.flatMap(sectionBlocks),
    `*${escapeText(report.footer)}*`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function sectionBlocks({ heading, tables, paragraphs }: ReportSection): string[] {
  const text = paragraphs.length > 1 ? [list(paragraphs)] : paragraphs.map(escapeText)
  return [`## ${escapeText(heading)}`, ...tables.map(tableText), ...text]
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${escapeText(item)}`).join('\n')
}

function tableText({ columns, rows }: ReportTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeText).join(' | ')} |`
  const rule = columns.map(({ isFigure }) => (isFigure ? '---:' : '---'))
  return [
    line(columns.map(({ label }) => label)),
    `| ${rule.join(' | ')} |`,
    ...rows.map(line),
  ].join('\n')
}

/** What CommonMark or a table would take for markup, wherever it stands. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>|#~&!]/g, '\\$&')
    .replace(/^([-+])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replaceAll(/(https?|www)(:|\.)/gi, '$1\u200b$2')
}
