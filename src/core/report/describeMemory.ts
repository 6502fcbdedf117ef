import { memoryTermNames } from '../estimate/memoryTerms'
import type { RunRecord, Step } from '../run/record'
import { byteScale } from './byteScale'
import { formatFigure, optionalFigure } from './figures'
import { selectEvenly } from './selectEvenly'
import type { ChartTerm, MemoryBarsChart, ReportSection, TimelineChart } from './runReport'
import { stepLabel } from './stepLabel'
import type { Words } from './words/en'

/** As many points as a line across a page has pixels to show. */
const maxTimelineSamples = 600

/** Theory, measurement and what is left unexplained, of every step; null where there is no step. */
export function describeMemory(record: RunRecord, words: Words): ReportSection | null {
  const steps = record.steps.filter(
    ({ memory }) => memory.theory.peakBytes > 0 || memory.measured !== null,
  )
  if (steps.length === 0) return null
  const timeline = timelineChart(record, words)
  return {
    id: 'memory',
    heading: words.sections.memory,
    charts: [memoryBars(steps, words), ...(timeline ? [timeline] : [])],
    tables: [memoryTable(steps, words)],
    paragraphs: [],
  }
}

function memoryTable(steps: readonly Step[], words: Words): ReportSection['tables'][number] {
  const terms = memoryTermNames.filter((name) =>
    steps.some(({ memory }) => memory.theory.terms[name] > 0),
  )
  const small = byteScale(
    steps.flatMap(({ memory }) => [
      memory.theory.peakBytes,
      memory.measured?.allocatedPeakBytes ?? 0,
    ]),
  )
  const large = byteScale(steps.map(({ memory }) => memory.measured?.devicePeakBytes ?? null))
  const inSmall = (bytes: number | null | undefined) =>
    optionalFigure(bytes, (value) => formatFigure(value / small.bytes))
  const inLarge = (bytes: number | null | undefined) =>
    optionalFigure(bytes, (value) => formatFigure(value / large.bytes))
  const { columns } = words
  return {
    columns: [
      { label: columns.step, isFigure: false },
      ...[
        ...terms.map((name) => columns.term(words.term[name], small.unit)),
        columns.theory(small.unit),
        columns.measured(small.unit),
        columns.unexplained(small.unit),
        columns.baseline(large.unit),
        columns.devicePeak(large.unit),
      ].map((label) => ({ label, isFigure: true })),
    ],
    rows: steps.map(({ memory, ...step }) => [
      stepLabel(step, words),
      ...terms.map((name) => inSmall(memory.theory.terms[name])),
      inSmall(memory.theory.peakBytes),
      inSmall(memory.measured?.allocatedPeakBytes),
      inSmall(memory.unexplainedBytes),
      inLarge(memory.measured?.baselineBytes),
      inLarge(memory.measured?.devicePeakBytes),
    ]),
  }
}

/** The theory's terms that are held at the peak, in the order in which charts stack them. */
export function theoryTerms(step: Step, words: Words): ChartTerm[] {
  return memoryTermNames
    .filter((name) => step.memory.theory.terms[name] > 0)
    .map((name) => ({ name, label: words.term[name], bytes: step.memory.theory.terms[name] }))
}

function memoryBars(steps: readonly Step[], words: Words): MemoryBarsChart {
  const scale = byteScale(
    steps.flatMap(({ memory }) => [
      memory.theory.peakBytes,
      memory.measured?.allocatedPeakBytes ?? 0,
    ]),
  )
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
