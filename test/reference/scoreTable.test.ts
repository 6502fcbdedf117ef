import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { intervalTables } from './intervalTable'
import { publishedTables, scoreAllPublished } from './publishedScores'
import { scoreRecorded } from './recordedSets'
import { scatterPlot } from './scorePlot'
import { scoreTables } from './scoreTable'

const docs = join(import.meta.dirname, '../../docs')
const page = join(docs, 'estimator.md')
const plot = join(docs, 'estimator-scores.svg')

/** `UPDATE_SCORES=1 npx vitest run test/reference/scoreTable.test.ts` writes them anew. */
const isUpdating = process.env['UPDATE_SCORES'] === '1'

/** Without the spaces that a formatter lines columns up with. */
const bare = (table: string): string => table.replaceAll(/[ -]+/g, ' ').trim()

describe('docs/estimator.md', () => {
  const all = scoreRecorded()

  it.each([
    ['scores', () => scoreTables(all)],
    ['published', () => publishedTables(scoreAllPublished())],
    ['intervals', () => intervalTables(all)],
  ] as const)('shows the %s of today', (name, make) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const text = readFileSync(page, 'utf8')
    const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
    expect(from).toBeGreaterThan(begin.length)
    if (isUpdating) {
      writeFileSync(page, `${text.slice(0, from)}\n\n${make()}\n\n${text.slice(to)}`)
      return
    }
    expect(bare(text.slice(from, to))).toBe(bare(make()))
  })

  it('shows the plot of them', () => {
    if (isUpdating) writeFileSync(plot, scatterPlot(all))
    expect(readFileSync(plot, 'utf8')).toBe(scatterPlot(all))
  })
})
