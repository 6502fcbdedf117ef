import type { CalibratedTensor } from '../../protocol/quantization'
import type { ChartOption, ChartTable } from './chartOption'
import { limitColour, measuredColour, precisionColours, type ChartScheme } from './colours'

export interface QuantizationTexts {
  readonly values: string
  readonly count: string
  readonly error: string
  readonly clipping: string
  readonly rounding: string
  readonly sum: string
  readonly clipped: string
  readonly least: string
}

/** A threshold with its name: a calibration method's, or the chosen one. */
export interface MarkedAlpha {
  readonly label: string
  readonly alpha: number
}

interface QuantizationChart {
  readonly tensor: CalibratedTensor
  readonly chosenAlpha: number
  readonly methods: readonly MarkedAlpha[]
  /** Where clipping and rounding together cost least. */
  readonly least: { readonly alpha: number; readonly error: number } | null
  readonly texts: QuantizationTexts
}

const left = 64
const right = 20

/**
 * Above, how the values lie and what the chosen alpha clips; below, on the same axis, what each alpha
 * costs by clipping, by rounding and together. Errors and counts on logarithmic axes: both span decades.
 */
export function quantizationOption(chart: QuantizationChart, scheme: ChartScheme): ChartOption {
  const { tensor, texts } = chart
  const xAxis = { type: 'value' as const, min: 0, max: tensor.maxAbs }
  return {
    legend: { top: 0, left: left - 8, data: [texts.clipping, texts.rounding, texts.sum] },
    grid: [
      { left, right, top: 58, height: '34%' },
      { left, right, top: '56%', bottom: 40 },
    ],
    xAxis: [
      { ...xAxis, gridIndex: 0, axisLabel: { show: false } },
      { ...xAxis, gridIndex: 1, name: texts.values, nameLocation: 'middle', nameGap: 24 },
    ],
    yAxis: [logAxis(0, texts.count, 0.5), logAxis(1, texts.error, errorFloor(tensor))],
    tooltip: { show: false },
    series: [histogramSeries(chart, scheme), ...curveSeries(chart, scheme)],
  }
}

function logAxis(gridIndex: number, name: string, min: number) {
  return {
    type: 'log' as const,
    gridIndex,
    name,
    min,
    nameLocation: 'end' as const,
    nameGap: 8,
    nameTextStyle: { align: 'left' as const, padding: [0, 0, 0, 8 - left] },
    splitNumber: 6, // fewer, and seven decades would get no tick but their ends
    axisLabel: { formatter: (value: number) => shortPower(value), hideOverlap: true },
  }
}

/** Powers of ten as such: a scale of zeros is not read. */
function shortPower(value: number): string {
  if (value >= 0.01 && value < 10_000) return String(Number(value.toPrecision(2)))
  return value.toExponential(0).replace('e+', 'e')
}

/** Two decades below the smallest sum: what is less does not matter beside the other error. */
function errorFloor({ curve }: CalibratedTensor): number {
  const sums = curve.map((point) => point.clippingError + point.roundingError)
  const least = Math.min(...sums.filter((sum) => sum > 0))
  return Number.isFinite(least) ? 10 ** (Math.floor(Math.log10(least)) - 1) : 1e-9
}

function histogramSeries(
  { tensor, chosenAlpha, methods, texts }: QuantizationChart,
  scheme: ChartScheme,
) {
  const { binWidth, counts } = tensor.histogram
  const colour = precisionColours[scheme].fp16
  return {
    type: 'line' as const,
    name: texts.count,
    xAxisIndex: 0,
    yAxisIndex: 0,
    silent: true,
    step: 'middle' as const,
    symbol: 'none',
    lineStyle: { color: colour, width: 1 },
    areaStyle: { color: colour, opacity: 0.3, origin: 'start' as const },
    // A logarithm has no 0: an empty bin is a gap.
    data: counts.map((count, bin) => [(bin + 0.5) * binWidth, count > 0 ? count : null]),
    markLine: {
      silent: true,
      symbol: 'none',
      data: [
        ...methods.map((method, index) => methodLine(method, index, scheme)),
        alphaLine(chosenAlpha),
      ],
    },
    markArea: {
      silent: true,
      itemStyle: { color: limitColour, opacity: 0.12 },
      label: { color: measuredColour[scheme], position: 'insideTopRight' as const },
      data:
        chosenAlpha < tensor.maxAbs
          ? [
              [{ name: texts.clipped, xAxis: chosenAlpha }, { xAxis: tensor.maxAbs }] as [
                object,
                object,
              ],
            ]
          : [],
    },
  }
}

/** Names of methods whose lines stand close together are written one above the other. */
function methodLine({ label, alpha }: MarkedAlpha, index: number, scheme: ChartScheme) {
  return {
    xAxis: alpha,
    lineStyle: { color: measuredColour[scheme], type: 'dotted' as const, width: 1 },
    label: {
      formatter: label,
      position: 'end' as const,
      distance: [0, 2 + 12 * index] as never,
      color: measuredColour[scheme],
      fontSize: 10,
      align: 'right' as const,
    },
  }
}

function alphaLine(alpha: number) {
  return {
    xAxis: alpha,
    label: { show: false },
    lineStyle: { color: limitColour, type: 'solid' as const, width: 2.5 },
  }
}

function curveSeries(
  { tensor, chosenAlpha, least, texts }: QuantizationChart,
  scheme: ChartScheme,
) {
  const line = (
    name: string,
    color: string,
    type: 'solid' | 'dashed' | 'dotted',
    read: (point: CalibratedTensor['curve'][number]) => number,
  ) => ({
    type: 'line' as const,
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    silent: true,
    symbol: 'none',
    itemStyle: { color },
    lineStyle: { color, type, width: 2 },
    data: tensor.curve.map((point) => [point.alpha, read(point) > 0 ? read(point) : null]),
  })
  const { fp32, int8 } = precisionColours[scheme]
  const sum = line(
    texts.sum,
    measuredColour[scheme],
    'solid',
    (point) => point.clippingError + point.roundingError,
  )
  return [
    {
      ...sum,
      markLine: { silent: true, symbol: 'none', data: [alphaLine(chosenAlpha)] },
      markPoint: {
        silent: true,
        symbol: 'circle',
        symbolSize: 10,
        itemStyle: { color: 'transparent', borderColor: measuredColour[scheme], borderWidth: 2 },
        label: {
          position:
            least && least.alpha > 0.85 * tensor.maxAbs ? ('left' as const) : ('top' as const),
          distance: 6,
          formatter: texts.least,
          color: measuredColour[scheme],
          fontSize: 11,
        },
        data: least && least.error > 0 ? [{ coord: [least.alpha, least.error] }] : [],
      },
    },
    // After the sum, so above it: one of them nearly is the sum almost everywhere.
    line(texts.clipping, fp32, 'dashed', (point) => point.clippingError),
    line(texts.rounding, int8, 'dotted', (point) => point.roundingError),
  ]
}

/** The curves as figures: alpha, clipping, rounding and their sum. */
export function quantizationTable(
  { curve }: CalibratedTensor,
  texts: QuantizationTexts,
): ChartTable {
  return {
    columns: ['alpha', texts.clipping, texts.rounding, texts.sum],
    rows: curve.map(({ alpha, clippingError, roundingError }) => [
      alpha,
      clippingError,
      roundingError,
      clippingError + roundingError,
    ]),
  }
}
