import { expect, it } from 'vitest'
import { script } from './checkPage?inlineScript'

it('asks nothing of a browser that Chrome 108, Firefox 105 and Safari 16 do not have', () => {
  // What came in 2023 and later, and no compiler adds.
  const newer = /\.(toSorted|toReversed|toSpliced)\(|Object\.groupBy|Promise\.(withResolvers|try)/
  const lines = script.split('\n').filter((line) => newer.test(line))
  expect(lines).toEqual([])
})
