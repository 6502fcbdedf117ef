import { expect, it } from 'vitest'
import { calibratedTensor } from '../../../test/calibratedTensor'
import { renderSvg } from './echarts'
import { quantizationOption, quantizationTable, type QuantizationTexts } from './quantizationOption'

const texts: QuantizationTexts = {
  values: '|value|',
  count: 'values',
  error: 'mean squared error',
  clipping: 'clipping',
  rounding: 'rounding',
  sum: 'sum',
  clipped: 'clipped',
  least: 'least error',
}
const tensor = calibratedTensor()
const chart = (chosenAlpha: number) => ({
  tensor,
  chosenAlpha,
  methods: [{ label: 'percentile 99.9', alpha: 3 }],
  least: { alpha: 2, error: 0.5 },
  texts,
})

it('sums clipping and rounding in its table', () => {
  expect(quantizationTable(tensor, texts).rows[1]).toEqual([2, 0.3, 0.2, 0.3 + 0.2])
})

it('draws the curves, the methods, the minimum and what is clipped', () => {
  const option = quantizationOption(chart(1.5), 'light')
  const svg = renderSvg({ option, title: 'hidden', scheme: 'light', width: 800, height: 460 })
  for (const text of ['clipping', 'rounding', 'percentile 99.9', 'least error', 'clipped'])
    expect(svg).toContain(text)
})

it('clips nothing at the largest value', () => {
  const option = quantizationOption(chart(tensor.maxAbs), 'dark')
  const svg = renderSvg({ option, title: 'hidden', scheme: 'dark', width: 800, height: 460 })
  expect(svg).not.toContain('>clipped<')
})
