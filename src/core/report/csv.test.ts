import { expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { reportCsv } from './csv'

const record = exampleRun()
const lines = (csv: string) => csv.trimEnd().split('\r\n')

it('gives a row for each step under one header, figures unrounded', () => {
  const [header = '', first = '', ...others] = lines(reportCsv(record))
  expect(others).toHaveLength(record.steps.length - 1)
  const column = header.split(',').indexOf('latencyMedianMs')
  expect(Number(first.split(',')[column])).toBe(record.steps[0]!.latencyMs!.median)
})

it('leaves unknown figures empty', () => {
  const [header = '', ...rows] = lines(reportCsv(record))
  const column = header.split(',').indexOf('latencyMedianMs')
  expect(rows.at(-1)!.split(',')[column]).toBe('') // the step that was skipped
})

it('keeps a spreadsheet from running a name as a formula', () => {
  const name = '=HYPERLINK("http://127.0.0.1","T4")'
  const csv = reportCsv(exampleRun({ device: { ...record.device, name } }))
  expect(csv).toContain(`"'=HYPERLINK(""http://127.0.0.1"",""T4"")"`)
  expect(csv).not.toMatch(/(^|,)"?=/m)
})
