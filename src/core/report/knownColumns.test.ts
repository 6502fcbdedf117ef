import { expect, it } from 'vitest'
import { knownColumns } from './knownColumns'

it('leaves out a column of dashes, and none that says 0', () => {
  const columns = ['Step', 'Loss', 'SQNR', 'Slack'].map((label) => ({ label, isFigure: true }))
  const rows = [
    ['fp32', '2.07', '—', '0'],
    ['fp16', '—', '—', '0'],
  ]
  const table = knownColumns({ columns, rows })
  expect(table.columns.map(({ label }) => label)).toEqual(['Step', 'Loss', 'Slack'])
  expect(table.rows).toEqual([
    ['fp32', '2.07', '0'],
    ['fp16', '—', '0'],
  ])
})
