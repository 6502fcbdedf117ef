import { summarizeRecording } from '../../core/monitor/recordingSummary'
import { plainText } from '../../core/report/plainText'
import { formatBytes, formatDuration, formatSignificant } from '../../core/units'
import type { Recording } from '../../profiler/monitor/recordingFile'
import type { Output } from '../terminal'
import { formatTable } from './table'

/** When it was recorded, and what each GPU did meanwhile. */
export function recordingText(recording: Recording, output: Output): string {
  const { gpus, startMs, endMs } = recording
  if (gpus.length === 0) return 'The recording holds no figures of a GPU.'
  const span = `${new Date(startMs).toISOString()}, ${formatDuration(endMs - startMs)}`
  return [
    output.colours.bold(`Recorded from ${span}`),
    formatTable(
      [
        { label: 'GPU' },
        { label: 'Samples', isFigure: true },
        { label: 'Silent', isFigure: true },
        { label: 'Memory, least', isFigure: true },
        { label: 'Memory, peak', isFigure: true },
        { label: 'Peak after', isFigure: true },
        { label: 'Utilization', isFigure: true },
        { label: 'Power', isFigure: true },
        { label: 'Hottest', isFigure: true },
        { label: 'Throttled', isFigure: true },
      ],
      gpus.map((gpu) => {
        const summary = summarizeRecording(recording.ticks(gpu.id))
        const { memoryPeakMs } = summary
        return [
          plainText(`${gpu.id} ${gpu.name}`),
          String(summary.tickCount),
          String(summary.silentCount),
          formatBytes(summary.memoryLeastBytes),
          formatBytes(summary.memoryPeakBytes),
          memoryPeakMs === null ? '—' : formatDuration(memoryPeakMs - startMs),
          withUnit(summary.utilizationMeanPercent, '%'),
          withUnit(summary.powerMeanWatts, 'W'),
          withUnit(summary.temperaturePeakCelsius, '°C'),
          String(summary.throttledCount),
        ]
      }),
      output,
    ),
  ].join('\n\n')
}

function withUnit(value: number | null, unit: string): string {
  return value === null ? '—' : `${formatSignificant(value)} ${unit}`
}
