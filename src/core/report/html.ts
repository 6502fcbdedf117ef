import { canonicalJson } from '../run/canonicalJson'
import type { RunRecord } from '../run/record'
import { script } from './check/checkPage?inlineScript'
import { describeRun } from './describeRun'
import { pageIds, reportBody } from './reportBody'
import { reportStyle } from './reportStyle'
import { sha256Base64, sha256Hex } from './sha256'
import { element, type Markup } from './svg/svg'
import { reportWords, type ReportLanguage } from './words/reportWords'

/** Inside an inline script, this would end it; in its place JavaScript and JSON mean the same. */
const checkScript = script.replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--')

/**
 * What a page that shows a report in a frame must allow besides its own: a frame without an address
 * obeys the policy of the page around it.
 */
export const reportSources = {
  script: `'sha256-${sha256Base64(checkScript)}'`,
  style: `'sha256-${sha256Base64(reportStyle)}'`,
} as const

/** Nothing from elsewhere, and inline only what this file was written with. */
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src ${reportSources.script}`,
  `style-src ${reportSources.style}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * The report as one file that needs nothing else: charts as SVG, light and dark, A4 when printed. It
 * carries the raw record, computes every figure again when it is opened, and marks what differs.
 */
export function reportHtml(record: RunRecord, language: ReportLanguage): string {
  const report = describeRun(record, language)
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: contentSecurityPolicy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    element('title', {}, `${report.title} · Headroom`),
    element('style', {}, { markup: reportStyle }),
  )
  const body = element(
    'body',
    {},
    hatchPattern,
    reportBody(report),
    checkSection(record, language),
    element('footer', {}, report.footer),
    element('script', { type: 'application/json', id: pageIds.record }, dataMarkup(record)),
    element('script', {}, { markup: checkScript }),
  )
  return `<!doctype html>\n${element('html', { lang: language }, head, body).markup}\n`
}

/** JSON that no parser of HTML can take for markup. */
function dataMarkup(record: RunRecord): Markup {
  return { markup: canonicalJson(record).replaceAll('<', '\\u003c') }
}

function checkSection(record: RunRecord, language: ReportLanguage): Markup {
  const { checks, sections } = reportWords(language)
  return element(
    'section',
    { id: 'checks' },
    element('h2', {}, sections.checks),
    element('p', { id: pageIds.result }, checks.waiting),
    element('ul', { id: pageIds.mismatches }),
    element('p', {}, `${checks.checksum}: `, checksumMarkup(record)),
    element('button', { type: 'button', id: pageIds.save }, checks.saveData),
  )
}

function checksumMarkup(record: RunRecord): Markup {
  return element('code', { id: pageIds.checksum }, sha256Hex(canonicalJson(record)))
}

/** Unexplained memory is hatched, so that it is told apart without colour. */
const hatchPattern = element(
  'svg',
  { class: 'defs', 'aria-hidden': 'true', width: 0, height: 0 },
  element(
    'pattern',
    {
      id: 'hatch',
      width: 6,
      height: 6,
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    },
    element('rect', { class: 'hatch-ground', width: 6, height: 6 }),
    element('rect', { class: 'hatch-line', width: 2, height: 6 }),
  ),
)
