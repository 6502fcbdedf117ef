import { expect, it } from 'vitest'
import { legendExtraHeight, legendRowHeight, legendRows } from './legendRows'

it('takes one row for a few short labels, and none less for nothing', () => {
  expect(legendRows(['fp32', 'fp16-mixed', 'int8-qat'], 320)).toBe(1) // 3 × 42 + 22 × 6.2 = 262
  expect(legendRows([], 320)).toBe(1)
})

it('begins a row where the next label has no room', () => {
  // 'fp32' 67, 'fp32 adamw-8bit' 135, 'fp32 lora' 98 (300) | 'fp32 lora adamw-8bit' 166, 'fp32 qlora' 104 (270) | 172
  const labels = ['', ' adamw-8bit', ' lora', ' lora adamw-8bit', ' qlora', ' qlora adamw-8bit']
  expect(
    legendRows(
      labels.map((label) => `fp32${label}`),
      320,
    ),
  ).toBe(3)
})

it('gives a label that is wider than the chart a row of its own', () => {
  expect(legendRows(['a'.repeat(100), 'b'], 320)).toBe(2)
  expect(legendExtraHeight(['a'.repeat(100), 'b'])).toBe(legendRowHeight)
})
