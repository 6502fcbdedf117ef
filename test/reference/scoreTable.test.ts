import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scatterPlot, scores, scoreTable } from './scoreTable'

const docs = join(import.meta.dirname, '../../docs')
const page = join(docs, 'estimator.md')
const plot = join(docs, 'estimator-scores.svg')
const [begin, end] = ['<!-- scores -->', '<!-- /scores -->']

/** `UPDATE_SCORES=1 npx vitest run test/reference/scoreTable.test.ts` writes both anew. */
const isUpdating = process.env['UPDATE_SCORES'] === '1'

/** Without the spaces that a formatter lines columns up with. */
const bare = (table: string): string => table.replaceAll(/[ -]+/g, ' ').trim()

describe('docs/estimator.md', () => {
  const all = scores()

  it('shows the scores that the estimator has today', () => {
    const text = readFileSync(page, 'utf8')
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
    expect(from).toBeGreaterThan(begin.length)
    if (isUpdating) {
      writeFileSync(page, `${text.slice(0, from)}\n\n${scoreTable(all)}\n\n${text.slice(to)}`)
      writeFileSync(plot, scatterPlot(all))
      return
    }
    expect(bare(text.slice(from, to))).toBe(bare(scoreTable(all)))
  })

  it('shows the plot of them', () => {
    expect(readFileSync(plot, 'utf8')).toBe(scatterPlot(all))
  })
})
