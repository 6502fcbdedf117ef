import { describeRun } from '../../core/report/describeRun'
import type { ReportSection } from '../../core/report/runReport'
import type { RunRecord } from '../../core/run/record'
import type { Output } from '../terminal'
import { formatFacts, formatTable } from './table'

/** A run in the words of its report: verdict, warnings, tables, facts. */
export function reportText(record: RunRecord, output: Output): string {
  const { bold, dim, yellow } = output.colours
  const report = describeRun(record, 'en')
  const [headline = '', ...verdicts] = report.verdicts
  const facts = report.facts.map(({ label, value }) => [label, value] as const)
  return [
    [bold(headline), ...verdicts, ...report.warnings.map((line) => yellow(`! ${line}`))].join('\n'),
    // Every epoch, and how it was measured, stand in the report, not between question and answer.
    ...report.sections
      .filter(({ id }) => id !== 'method' && id !== 'training')
      .map((section) => sectionText(section, output)),
    formatFacts(facts, output),
    dim(`headroom report ${record.id} --format html`),
  ].join('\n\n')
}

function sectionText({ heading, tables, paragraphs }: ReportSection, output: Output): string {
  return [
    output.colours.underline(heading),
    ...tables.map(({ columns, rows }) => formatTable(columns, rows, output)),
    ...paragraphs.map((text) => wrap(text, output.columns())),
  ].join('\n')
}

/** Breaks between words, so that a line stays within `width`. */
export function wrap(text: string, width: number): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}
