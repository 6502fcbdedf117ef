import { canonicalJson } from '../../run/canonicalJson'
import type { RunRecord } from '../../run/record'
import { describeRun } from '../describeRun'
import { pageIds, reportBody } from '../reportBody'
import { sha256Hex } from '../sha256'
import { reportWords, type ReportLanguage } from '../words/reportWords'
import { recomputeRecord, type Mismatch } from './recomputeRecord'

// The script inside an exported report, run in the browser of whoever opens it: the figures are
// computed again from the raw samples that the file carries, the report is written again from them,
// and every figure and chart of the page is compared with it.

const language: ReportLanguage = document.documentElement.lang === 'zh-CN' ? 'zh-CN' : 'en'
const words = reportWords(language)
const record = JSON.parse(elementById(pageIds.record).textContent) as RunRecord
const { record: fresh, mismatches, figureCount } = recomputeRecord(record)

const expected = document.createElement('template')
expected.innerHTML = reportBody(describeRun(fresh, language)).markup
const marks = [
  ...markFigures(),
  ...markCharts(),
  markFigure(elementById(pageIds.checksum), sha256Hex(canonicalJson(record))),
]
listMismatches(mismatches)
const wrong = marks.filter((isRight) => !isRight).length + mismatches.length
const count = marks.length + figureCount
const result = elementById(pageIds.result)
result.dataset['result'] = wrong === 0 ? 'passed' : 'failed'
result.textContent =
  wrong === 0
    ? words.checks.passed(String(count))
    : words.checks.failed(String(wrong), String(count))
elementById(pageIds.save).addEventListener('click', saveRecord)

function elementById(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the report has no #${id}`)
  return found
}

function pairs<T extends Element>(selector: string): (readonly [T | undefined, T | undefined])[] {
  const shown = [...document.querySelectorAll<T>(`main ${selector}`)]
  const wanted = [...expected.content.querySelectorAll<T>(selector)]
  const length = Math.max(shown.length, wanted.length)
  return Array.from({ length }, (_, i) => [shown[i], wanted[i]])
}

function markFigures(): boolean[] {
  return pairs<HTMLElement>('[data-figure]').map(([shown, wanted]) =>
    shown ? markFigure(shown, wanted?.textContent ?? '—') : false,
  )
}

function markFigure(shown: HTMLElement, wanted: string): boolean {
  const isRight = shown.textContent === wanted
  shown.dataset['check'] = isRight ? 'right' : 'wrong'
  shown.title = isRight ? words.checks.recomputed : `${words.checks.mismatch} ${wanted}`
  if (!isRight) shown.append(` ✗ ${words.checks.mismatch} ${wanted}`)
  return isRight
}

function markCharts(): boolean[] {
  return pairs<SVGElement>('svg.chart').map(([shown, wanted]) => {
    const isRight = shown !== undefined && wanted !== undefined && shown.isEqualNode(wanted)
    shown?.parentElement?.setAttribute('data-check', isRight ? 'right' : 'wrong')
    return isRight
  })
}

function listMismatches(found: readonly Mismatch[]): void {
  elementById(pageIds.mismatches).replaceChildren(
    ...found.map(({ path, stored, recomputed }) => {
      const item = document.createElement('li')
      item.textContent = `${path}: ${String(stored)}; ${words.checks.mismatch} ${String(recomputed)}`
      return item
    }),
  )
}

function saveRecord(): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([canonicalJson(record)], { type: 'application/json' }))
  link.download = `headroom-${record.id}.json`
  link.click()
  URL.revokeObjectURL(link.href)
}
