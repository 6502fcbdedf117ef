import { memoryTermNames, memoryTerms } from '../estimate/memoryTerms'
import type { RunRecord, Step } from '../run/record'
import { byteScale, type ByteScale } from './byteScale'
import { formatFigure, optionalFigure } from './figures'
import { knownColumns } from './knownColumns'
import { selectEvenly } from './selectEvenly'
import type {
  ChartTerm,
  MemoryBarsChart,
  ReportSection,
  ReportTable,
  TimelineChart,
} from './runReport'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** As many points as a line across a page has pixels to show. */
const maxTimelineSamples = 600

/** Theory, measurement and what is left unexplained, of every step; null where there is no step. */
export function describeMemory(record: RunRecord, words: Words): ReportSection | null {
  const steps = record.steps.filter(
    ({ memory }) => memory.theory !== null || memory.measured !== null,
  )
  if (steps.length === 0) return null
  const timeline = timelineChart(record, words)
  return {
    id: 'memory',
    heading: words.sections.memory,
    charts: [memoryBars(steps, words), ...(timeline ? [timeline] : [])],
    tables: [theoryTable(steps, words), measuredTable(steps, words)].map(knownColumns),
    paragraphs: [],
  }
}

/** What the theory adds up to, term by term. */
function theoryTable(steps: readonly Step[], words: Words): ReportTable {
  const terms = memoryTermNames.filter((name) =>
    steps.some(({ memory }) => (memory.theory?.terms[name] ?? 0) > 0),
  )
  const { unit, bytes } = allocationScale(steps)
  const inUnit = (value: number | undefined) =>
    optionalFigure(value, (known) => formatFigure(known / bytes))
  const { columns } = words
  const figures = [
    ...terms.map((name) => columns.term(words.term[name], unit)),
    columns.theory(unit),
  ]
  return {
    columns: [
      { label: columns.step, isFigure: false },
      ...figures.map((label) => ({ label, isFigure: true })),
    ],
    rows: steps.map(({ memory: { theory }, ...step }) => [
      stepLabel(step, words),
      ...terms.map((name) => inUnit(theory?.terms[name])),
      inUnit(theory?.peakBytes),
    ]),
  }
}

/** What was measured beside it, and what is left over. */
function measuredTable(steps: readonly Step[], words: Words): ReportTable {
  const small = allocationScale(steps)
  const large = byteScale(steps.map(({ memory }) => memory.measured?.devicePeakBytes ?? null))
  const inUnit = (value: number | null | undefined, scale: ByteScale) =>
    optionalFigure(value, (known) => formatFigure(known / scale.bytes))
  const { columns } = words
  const figures = [
    columns.theory(small.unit),
    columns.measured(small.unit),
    columns.unexplained(small.unit),
    columns.arenaSlack(small.unit),
    columns.context(large.unit),
    columns.baseline(large.unit),
    columns.devicePeak(large.unit),
  ]
  return {
    columns: [
      { label: columns.step, isFigure: false },
      ...figures.map((label) => ({ label, isFigure: true })),
    ],
    rows: steps.map(({ memory: { theory, measured, ...left }, ...step }) => [
      stepLabel(step, words),
      inUnit(theory?.peakBytes, small),
      inUnit(measured?.allocatedPeakBytes, small),
      inUnit(left.unexplainedBytes, small),
      inUnit(left.arenaSlackBytes, small),
      inUnit(left.contextBytes, large),
      inUnit(measured?.baselineBytes, large),
      inUnit(measured?.devicePeakBytes, large),
    ]),
  }
}

/** One unit for theory and measurement, so that they can be read against each other. */
function allocationScale(steps: readonly Step[]): ByteScale {
  return byteScale(
    steps.flatMap(({ memory }) => [
      memory.theory?.peakBytes ?? 0,
      memory.measured?.allocatedPeakBytes ?? 0,
    ]),
  )
}

/** The theory's terms that are held at the peak, in the order in which charts stack them. */
export function theoryTerms(step: Step, words: Words): ChartTerm[] {
  const terms = step.memory.theory?.terms ?? memoryTerms({})
  return memoryTermNames
    .filter((name) => terms[name] > 0)
    .map((name) => ({ name, label: words.term[name], bytes: terms[name] }))
}

function memoryBars(steps: readonly Step[], words: Words): MemoryBarsChart {
  const scale = allocationScale(steps)
  return {
    type: 'memoryBars',
    title: words.charts.memory,
    axis: words.charts.memoryAxis(scale.unit),
    unexplainedLabel: words.unexplained,
    unitBytes: scale.bytes,
    rows: steps.map((step) => ({
      label: stepLabel(step, words),
      terms: theoryTerms(step, words),
      measuredBytes: step.memory.measured?.allocatedPeakBytes ?? null,
    })),
  }
}

function timelineChart(record: RunRecord, words: Words): TimelineChart | null {
  const isProcess = record.device.kind === 'cpu'
  const steps = record.steps.flatMap((step) => {
    const samples = step.memorySamples.flatMap(({ tMs, processBytes, deviceUsedBytes }) => {
      const bytes = isProcess ? processBytes : deviceUsedBytes
      return bytes === null ? [] : [[tMs / 1000, bytes] as const]
    })
    if (samples.length === 0) return []
    const baselineBytes = step.memory.measured?.baselineBytes ?? 0
    const before: ChartTerm = {
      name: 'processBefore',
      label: words.charts.processBefore,
      bytes: isProcess ? baselineBytes : samples[0]![1],
    }
    return {
      label: stepLabel(step, words),
      startSeconds: (step.startedMs ?? 1000 * samples[0]![0]) / 1000,
      endSeconds: (step.endedMs ?? 1000 * samples.at(-1)![0]) / 1000,
      terms: [before, ...theoryTerms(step, words)],
      samples: selectEvenly(samples, maxTimelineSamples),
    }
  })
  if (steps.length === 0) return null
  const scale = byteScale(steps.flatMap(({ samples }) => samples.map(([, bytes]) => bytes)))
  const { charts } = words
  return {
    type: 'timeline',
    title: charts.timeline(isProcess ? charts.processMemory : charts.deviceMemory),
    xAxis: charts.timeAxis,
    yAxis: charts.memoryAxis(scale.unit),
    unitBytes: scale.bytes,
    lineLabel: charts.measuredLine,
    unexplainedLabel: words.unexplained,
    steps,
  }
}
