import { expect, it } from 'vitest'
import { renderSvg } from './echarts'
import { heatMapOption, heatMapSize, type HeatMapData } from './heatMapOption'

const data: HeatMapData = {
  columns: [
    { name: 'T4', size: '14.6' },
    { name: 'RTX 4090', size: '23.6' },
  ],
  rows: [
    {
      label: 'LoRA',
      detail: 'bf16',
      cells: [
        { text: '−5.9', verdict: 'doesNotFit', level: 2 },
        { text: '+3.2', verdict: 'fits', level: 1 },
      ],
    },
    {
      label: 'QLoRA',
      detail: 'nf4',
      cells: [
        { text: '≈+1.1', verdict: 'tooCloseToCall', level: 1 },
        { text: '?', verdict: null, level: 1 },
      ],
    },
  ],
}

it.each(['light', 'dark'] as const)('draws every cell with its sign, %s', (scheme) => {
  const option = heatMapOption(data, scheme)
  const svg = renderSvg({ option, title: 'Headroom', scheme, ...heatMapSize(data) })
  for (const text of ['T4', '14.6', 'LoRA', '−5.9', '+3.2', '≈+1.1', '?']) {
    expect(svg).toContain(`>${text}`)
  }
})

it('grows with its rows and columns', () => {
  const [row] = data.rows
  const taller = { ...data, rows: [...data.rows, row!] }
  expect(heatMapSize(taller).height - heatMapSize(data).height).toBe(27)
  expect(heatMapSize(taller).width).toBe(heatMapSize(data).width)
})
