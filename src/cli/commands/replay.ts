import type { FastFigures } from '../../core/monitor/figures'
import { monitorSample } from '../../core/monitor/monitorSample'
import { emptyMonitorState } from '../../core/monitor/monitorState'
import { openRecording, type Recording } from '../../profiler/monitor/recordingFile'
import { exitCodes, type ExitCode } from '../exitCodes'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { recordingText } from '../text/recordingText'

interface ReplayOptions {
  readonly file: string
  readonly json: boolean
}

/** What a recording holds: a summary per GPU, or every sample as JSON Lines. */
export function replay({ out, err }: Terminal, { file, json }: ReplayOptions): ExitCode {
  const recording = openRecording(file)
  if (recording.lostChunkCount > 0)
    err.line(`! ${recording.lostChunkCount} parts of ${file} are damaged or cut short and left out`)
  if (json) printSamples(recording, { out, err })
  else out.line(recordingText(recording, out))
  return exitCodes.ok
}

/** A minute of all GPUs at a time: a week does not fit into memory as JSON. */
const spanMs = 60_000

function printSamples(recording: Recording, { out }: Terminal): void {
  const { gpus, startMs, endMs } = recording
  for (let fromMs = startMs; fromMs <= endMs; fromMs += spanMs) {
    const moments = new Map<number, Record<string, FastFigures | null>>()
    for (const { id } of gpus) {
      for (const { tMs, figures } of recording.ticks(id, fromMs, fromMs + spanMs)) {
        if (tMs >= fromMs + spanMs) continue // belongs to the next span
        const moment = moments.get(tMs) ?? {}
        moments.set(tMs, moment)
        moment[id] = figures
      }
    }
    for (const tMs of [...moments.keys()].toSorted((a, b) => a - b)) {
      const tick = { tMs, gpus: moments.get(tMs)! }
      const recorded = gpus.filter(({ id }) => id in tick.gpus)
      printJson(out, monitorSample({ ...emptyMonitorState, gpus: recorded, fast: [tick] }, tMs))
    }
  }
}
