import type { MemoryTermName } from '../estimate/memoryTerms'
import type { ReportLanguage } from './words/reportWords'

// What a report says, before it has a format: sentences, tables and charts as data.

export interface RunReport {
  readonly language: ReportLanguage
  readonly title: string
  /** The answer, most important first. */
  readonly verdicts: readonly string[]
  /** What forbids taking the figures at face value. */
  readonly warnings: readonly string[]
  readonly facts: readonly ReportFact[]
  readonly sections: readonly ReportSection[]
  readonly footer: string
}

export interface ReportFact {
  readonly label: string
  readonly value: string
}

export interface ReportSection {
  readonly id: 'speed' | 'memory' | 'training' | 'outcomes' | 'notes' | 'method'
  readonly heading: string
  readonly charts: readonly ReportChart[]
  readonly tables: readonly ReportTable[]
  readonly paragraphs: readonly string[]
}

export interface ReportTable {
  readonly columns: readonly ReportColumn[]
  readonly rows: readonly (readonly string[])[]
}

export interface ReportColumn {
  readonly label: string
  /** Figures stand right-aligned and are computed again when the file is opened. */
  readonly isFigure: boolean
}

export type ReportChart =
  LatencyChart | SpeedAccuracyChart | MemoryBarsChart | TimelineChart | LossChart

export interface LatencyChart {
  readonly type: 'latency'
  readonly title: string
  /** Names how many samples lie beyond `endMs`. */
  readonly axis: string
  /** Where the axis ends. */
  readonly endMs: number
  readonly rows: readonly LatencyRow[]
}

export interface LatencyRow {
  readonly label: string
  readonly precision: string
  /** Which way of training it is, see `trainingVariants`. */
  readonly variant: number
  readonly median: number
  readonly ciLow: number
  readonly ciHigh: number
  /** A fair selection where there are many. */
  readonly samples: readonly number[]
}

export interface SpeedAccuracyChart {
  readonly type: 'speedAccuracy'
  readonly title: string
  readonly xAxis: string
  readonly yAxis: string
  readonly points: readonly SpeedAccuracyPoint[]
}

export interface SpeedAccuracyPoint {
  readonly label: string
  readonly precision: string
  /** Which way of training it is, see `trainingVariants`. */
  readonly variant: number
  readonly samplesPerSecond: number
  readonly accuracyPercent: number
  /** null: drawn at the smallest size. */
  readonly memoryBytes: number | null
}

export interface ChartTerm {
  /** `processBefore`: what the process held before there was a session. */
  readonly name: MemoryTermName | 'unexplained' | 'processBefore'
  readonly label: string
  readonly bytes: number
}

export interface MemoryBarsChart {
  readonly type: 'memoryBars'
  readonly title: string
  readonly axis: string
  readonly unexplainedLabel: string
  readonly unitBytes: number
  readonly rows: readonly MemoryBar[]
}

export interface MemoryBar {
  readonly label: string
  readonly terms: readonly ChartTerm[]
  readonly measuredBytes: number | null
}

export interface LossChart {
  readonly type: 'loss'
  readonly title: string
  /** Says from which step on the losses are drawn, where `topLoss` cuts those before. */
  readonly xAxis: string
  readonly yAxis: string
  /** Where the loss axis ends; null: at the highest loss. */
  readonly topLoss: number | null
  readonly series: readonly LossSeries[]
}

export interface LossSeries {
  readonly label: string
  readonly precision: string
  /** Which way of training it is, see `trainingVariants`. */
  readonly variant: number
  /** A fair selection where there are many. */
  readonly training: readonly (readonly [step: number, loss: number])[]
  readonly validation: readonly (readonly [step: number, loss: number])[]
}

export interface TimelineChart {
  readonly type: 'timeline'
  readonly title: string
  readonly xAxis: string
  readonly yAxis: string
  readonly unitBytes: number
  readonly lineLabel: string
  readonly unexplainedLabel: string
  readonly steps: readonly TimelineStep[]
}

export interface TimelineStep {
  readonly label: string
  readonly startSeconds: number
  readonly endSeconds: number
  /** Stacked from below. */
  readonly terms: readonly ChartTerm[]
  readonly samples: readonly (readonly [seconds: number, bytes: number])[]
}
