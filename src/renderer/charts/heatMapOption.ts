import type { ChartOption } from './chartOption'
import type { ChartScheme } from './colours'

/** One cell as the page shows it. */
export interface HeatMapCell {
  readonly text: string
  readonly verdict: 'fits' | 'doesNotFit' | 'tooCloseToCall' | null
  /** How far from the limit, 1 to 3. */
  readonly level: 1 | 2 | 3
}

export interface HeatMapData {
  readonly columns: readonly { readonly name: string; readonly size: string }[]
  readonly rows: readonly {
    readonly label: string
    readonly detail: string
    readonly cells: readonly HeatMapCell[]
  }[]
}

const rowHeight = 27
const columnWidth = 54
const headingWidth = 210
const headingHeight = 44

/** Pixels of the whole picture. */
export function heatMapSize({ columns, rows }: HeatMapData): { width: number; height: number } {
  return {
    width: headingWidth + columnWidth * columns.length + 16,
    height: headingHeight + rowHeight * rows.length + 16,
  }
}

/** The heat map of the page Fit as a picture: colour, sign and figure in every cell. */
export function heatMapOption({ columns, rows }: HeatMapData, scheme: ChartScheme): ChartOption {
  const colours = heatColours[scheme]
  const cells = rows.flatMap((row, y) => row.cells.map((cell, x) => ({ cell, x, y })))
  const axis = {
    type: 'category',
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: false },
  } as const
  return {
    grid: {
      left: headingWidth,
      top: headingHeight,
      right: 16,
      bottom: 16,
      outerBoundsMode: 'none',
    },
    xAxis: {
      ...axis,
      position: 'top',
      data: columns.map(({ name, size }) => `${name.replace(' ', '\n')}\n${size}`),
      axisLabel: { interval: 0, fontSize: 10, lineHeight: 12, color: colours.text },
    },
    yAxis: {
      ...axis,
      inverse: true,
      data: rows.map(({ label, detail }) => `${label}  ${detail}`),
      axisLabel: { interval: 0, fontSize: 12, color: colours.text },
    },
    series: {
      type: 'custom',
      silent: true,
      data: cells.map(({ x, y }) => [x, y]),
      renderItem: (params, api) => {
        const { cell } = cells[params.dataIndex]!
        const [x, y] = api.coord([api.value(0), api.value(1)]) as [number, number]
        const { fill, ink } = colours.of(cell)
        return {
          type: 'rect',
          shape: {
            x: x - columnWidth / 2 + 1,
            y: y - rowHeight / 2 + 1,
            width: columnWidth - 2,
            height: rowHeight - 2,
            r: 4,
          },
          style: { fill },
          textConfig: { position: 'inside' },
          textContent: {
            type: 'text',
            style: { text: cell.text, fill: ink, fontSize: 12, fontWeight: 600 },
          },
        }
      },
    },
  }
}

/** Those of FitMatrix.module.css; what is too close to call is told by its ≈, too. */
const heatColours = {
  light: {
    text: '#1B1F26',
    of: paint({
      fits: ['#06392a', '#d3efe3', '#a4ddc6', '#6cc7a3'],
      doesNotFit: ['#4a1503', '#fde0d2', '#f7c0a4', '#ee9a72'],
      tooCloseToCall: ['#4d3000', '#f8dea0', '#f8dea0', '#f8dea0'],
      unknown: ['#565d6b', '#eceef2', '#eceef2', '#eceef2'],
    }),
  },
  dark: {
    text: '#DFE2E9',
    of: paint({
      fits: ['#d6f7ea', '#12352a', '#165240', '#1c7258'],
      doesNotFit: ['#ffe4d7', '#3d1d10', '#5f2b16', '#82391c'],
      tooCloseToCall: ['#ffecbd', '#544113', '#544113', '#544113'],
      unknown: ['#9ba2af', '#262b34', '#262b34', '#262b34'],
    }),
  },
} as const

type Paints = Readonly<
  Record<NonNullable<HeatMapCell['verdict']> | 'unknown', readonly [string, string, string, string]>
>

function paint(paints: Paints): (cell: HeatMapCell) => { fill: string; ink: string } {
  return ({ verdict, level }) => {
    const colours = paints[verdict ?? 'unknown']
    return { ink: colours[0], fill: colours[level] }
  }
}
