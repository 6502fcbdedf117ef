import type { MemoryTermName } from '../../core/estimate/memoryTerms'
import { variantHues, variantMarks } from '../../core/report/trainingVariants'

// One colour per meaning, everywhere. Okabe & Ito's palette: told apart by colour-blind eyes too.

export type ChartScheme = 'light' | 'dark'

/** What memory is held for. */
export const termColours: Readonly<Record<MemoryTermName, string>> = {
  weightsBytes: '#0072B2',
  gradientsBytes: '#E69F00',
  optimizerStatesBytes: '#009E73',
  // The states' green, paler: a copy of them and of the weights.
  stateCopyBytes: '#80CEB9',
  activationsBytes: '#CC79A7',
  temporaryBytes: '#56B4E9',
  kvCacheBytes: '#F0E442',
  runtimeOverheadBytes: '#7F7F7F',
}

/** A limit that must not be passed. */
export const limitColour = '#D55E00'

/** What was measured, over what was computed: the strongest contrast of each scheme. */
export const measuredColour: Readonly<Record<ChartScheme, string>> = {
  light: '#1B1F26',
  dark: '#F2F4F8',
}

/** What theory expects of a line that was measured. */
export const expectedColour: Readonly<Record<ChartScheme, string>> = {
  light: '#0072B2',
  dark: '#56B4E9',
}

/** Who holds a GPU's memory. The driver's is the runtime's grey; the others mean nothing else. */
export const occupancyColours = {
  driverReserve: '#7F7F7F',
  own: '#4560C4',
  others: '#B07A3C',
  spill: '#8A2BA8',
} as const

/** Measured, and not accounted for by any term: drawn hatched. */
export const unexplainedColour = '#9AA1AD'

export type ChartPrecision = 'fp32' | 'fp16' | 'bf16' | 'int8'

/** Precisions are told apart by their line, colour being taken by meaning. */
export const precisionLines: Readonly<Record<ChartPrecision, 'solid' | 'dashed' | 'dotted'>> = {
  fp32: 'solid',
  fp16: 'dashed',
  bf16: 'dashed',
  int8: 'dotted',
}

/** Where precisions stand side by side: one hue that means nothing else, paler as the type narrows. */
export const precisionColours: Readonly<
  Record<ChartScheme, Readonly<Record<ChartPrecision, string>>>
> = {
  light: { fp32: '#3F2A94', fp16: '#7556D6', bf16: '#7556D6', int8: '#A286EE' },
  dark: { fp32: '#D3C8FF', fp16: '#A38AF2', bf16: '#A38AF2', int8: '#7459C8' },
}

/** Further ways of training in one run (`trainingVariants`): hues that mean nothing else. */
const variantColours: Readonly<Record<ChartScheme, readonly string[]>> = {
  light: ['#10736F', '#A01F58', '#6D6412', '#A44C0C', '#1C69AB'],
  dark: ['#4FC4BA', '#EE86B7', '#CFC45A', '#F0A065', '#77B3EA'],
}

const variantSymbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect'] as const

/** How one step of a run is drawn: the first way of training by its precision, the others by their own hue. */
export function stepColour(
  scheme: ChartScheme,
  precision: ChartPrecision,
  variant: number,
): string {
  const hue = variant % variantHues
  return (hue > 0 ? variantColours[scheme][hue - 1] : null) ?? precisionColours[scheme][precision]
}

/** The dot of a way of training, for those who do not see its hue. */
export function variantSymbol(variant: number): (typeof variantSymbols)[number] {
  return variantSymbols[variant % variantMarks] ?? 'circle'
}
