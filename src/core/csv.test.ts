import { expect, it } from 'vitest'
import { toCsv } from './csv'

it('quotes what RFC 4180 quotes, and leaves null empty', () => {
  expect(toCsv([['a,b', 'say "x"', null, 1.5]])).toBe('"a,b","say ""x""",,1.5\r\n')
})

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
  'keeps a spreadsheet from running %j',
  (text) => expect(toCsv([[text]])).toMatch(/^"?'/),
)

it('leaves negative numbers numbers', () => expect(toCsv([[-1.5]])).toBe('-1.5\r\n'))
