import { describe, expect, it } from 'vitest'
import { tableToCsv } from './csv'

describe('tableToCsv', () => {
  it('writes a header line and one line per row', () => {
    const table = {
      columns: ['t (s)', 'memory (MiB)'],
      rows: [[0, 12.5] as const, [0.1, null] as const],
    }
    expect(tableToCsv(table)).toBe('t (s),memory (MiB)\r\n0,12.5\r\n0.1,\r\n')
  })

  it('quotes what would break the line', () => {
    expect(tableToCsv({ columns: ['a, "b"\nc'], rows: [] })).toBe('"a, ""b""\nc"\r\n')
  })

  it('keeps spreadsheets from running a text as a formula, and leaves numbers alone', () => {
    expect(tableToCsv({ columns: ['=1+1'], rows: [[-1]] })).toBe("'=1+1\r\n-1\r\n")
  })
})
