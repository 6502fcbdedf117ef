import type { ReportChart, ReportSection, ReportTable, RunReport } from './runReport'
import { drawChart } from './svg/drawChart'
import { element, type Markup } from './svg/svg'

/** Elements that the page's own script looks for. */
export const pageIds = {
  record: 'record',
  result: 'check-result',
  mismatches: 'mismatches',
  checksum: 'checksum',
  save: 'save-record',
} as const

/** What is read, from the title to the method; figures are marked with `data-figure`. */
export function reportBody(report: RunReport): Markup {
  const [headline = '', ...others] = report.verdicts
  return element(
    'main',
    {},
    element('h1', {}, report.title),
    element('p', { class: 'headline', 'data-figure': '' }, headline),
    others.length > 0
      ? element(
          'ul',
          { class: 'verdicts' },
          others.map((verdict) => element('li', { 'data-figure': '' }, verdict)),
        )
      : null,
    report.warnings.map((warning) => element('p', { class: 'warning' }, warning)),
    element(
      'dl',
      { class: 'facts' },
      report.facts.map(({ label, value }) =>
        element('div', {}, element('dt', {}, label), element('dd', {}, value)),
      ),
    ),
    report.sections.map(sectionMarkup),
  )
}

function sectionMarkup({ id, heading, charts, tables, paragraphs }: ReportSection): Markup {
  return element(
    'section',
    { id },
    element('h2', {}, heading),
    tables.map(tableMarkup),
    charts.map(chartMarkup),
    paragraphs.map((paragraph) => element('p', {}, paragraph)),
  )
}

function chartMarkup(chart: ReportChart): Markup {
  return element('figure', {}, element('figcaption', {}, chart.title), drawChart(chart))
}

function tableMarkup({ columns, rows }: ReportTable): Markup {
  const figureClass = (column: number) => (columns[column]?.isFigure ? 'figure' : null)
  const head = columns.map(({ label }, column) =>
    element('th', { scope: 'col', class: figureClass(column) }, label),
  )
  const body = rows.map((row) =>
    element(
      'tr',
      {},
      row.map((cell, column) => {
        if (column === 0) return element('th', { scope: 'row' }, cell)
        const isFigure = columns[column]?.isFigure && cell !== '—'
        const attributes = { class: figureClass(column), 'data-figure': isFigure ? '' : null }
        return element('td', attributes, cell)
      }),
    ),
  )
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, head)),
    element('tbody', {}, body),
  )
  // A keyboard must be able to reach what scrolls.
  return element('div', { class: 'scroller', tabindex: 0 }, table)
}
