import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { reportMarkdown } from './markdown'

const record = exampleRun()
const named = (name: string) =>
  reportMarkdown(exampleRun({ device: { ...record.device, name } }), 'en')

it('begins with the answer', () => {
  const [title, answer] = reportMarkdown(record, 'en').split('\n\n')
  expect(title).toBe('# digits-mlp on Test CPU')
  expect(answer).toMatch(/^\*\*int8-gemm inference is [\d.]+ × faster than fp32/)
})

it('writes tables whose rows are as wide as their header', () => {
  const widths = reportMarkdown(record, 'zh-CN')
    .split('\n\n')
    .filter((block) => block.startsWith('|'))
    .map((table) => new Set(table.split('\n').map((row) => row.split(/(?<!\\)\|/).length)))
  expect(widths.length).toBeGreaterThan(2)
  for (const width of widths) expect(width.size).toBe(1)
})

it('shows names that look like markup as text', () => {
  expect(named('<img src=x> [a](javascript:b) | ![c](d) `e`')).toContain(
    '\\<img src=x\\> \\[a\\](javascript:b) \\| \\!\\[c\\](d) \\`e\\`',
  )
})

it('makes no link of an address in a name', () => {
  expect(named('see http://evil.example')).not.toContain('http://')
})

it('leaves decimals as they are', () => {
  expect(reportMarkdown(record, 'en')).toMatch(/\| 0\.4\d+ \|/)
})
