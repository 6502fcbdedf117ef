import { networkName } from '../core/plan/networkName'
import type { RunState } from '../core/run/applyRunEvent'
import type { RunEvent } from '../core/run/events'
import { plainText } from '../core/report/plainText'
import { stepLabel } from '../core/report/stepLabel'
import { en } from '../core/report/words/en'
import type { Output } from './terminal'
import { endedStepText, labelWidth, runningStepText } from './text/stepText'

/** Shows a run while it lasts. */
export interface RunProgress {
  /** `state` is what the run is after `event`. */
  show(event: RunEvent, state: RunState): void
  /** A line of its own between the others. */
  note(text: string): void
}

/** A bar that is written over where somebody watches, else a line now and then. */
export function showRunProgress(output: Output, nowMs = () => performance.now()): RunProgress {
  const live = output.isInteractive ? createBar(output, nowMs) : createLog(output, nowMs)
  return {
    show(event, state) {
      const { record } = state
      const width = labelWidth(record)
      if (event.type === 'runStarted') {
        const { workload, device } = record
        const length =
          workload.sequenceLength === null ? '' : ` × ${workload.sequenceLength} tokens`
        const what = `${networkName(workload)}, batch ${workload.batchSize}${length}, profile ${workload.profile}`
        live.note(output.colours.bold(`${what}, on ${plainText(device.name)}`))
        for (const step of record.steps)
          if (step.outcome !== 'planned') live.note(endedStepText(step, width, output))
      } else if (event.type === 'stepEnded') {
        const step = record.steps[event.step]
        if (step) live.note(endedStepText(step, width, output))
      } else live.show(event, state)
    },
    note: (text) => live.note(text),
  }
}

/** ≥ 10 changes a second look like movement. */
const redrawMs = 80
const eraseLine = '\r\u001b[2K'

function createBar(output: Output, nowMs: () => number): RunProgress {
  let drawnMs = Number.NEGATIVE_INFINITY
  return {
    show(event, { record, live }) {
      const step = live && record.steps[live.step]
      if (!step || (nowMs() - drawnMs < redrawMs && event.type !== 'phase')) return
      drawnMs = nowMs()
      const place = {
        width: labelWidth(record),
        place: placeOf(live.step, record.steps.length),
        columns: output.columns() - 1,
      }
      output.write(eraseLine + runningStepText(step, live, place, output))
    },
    note: (text) => output.write(`${eraseLine}${text}\n`),
  }
}

/** In a log a step says that it began, and how far it is every ten seconds. */
const logMs = 10_000

function createLog(output: Output, nowMs: () => number): RunProgress {
  let saidMs = nowMs()
  return {
    show(event, { record, live }) {
      const step = live && record.steps[live.step]
      if (!step) return
      const place = placeOf(live.step, record.steps.length)
      if (event.type === 'stepStarted') {
        saidMs = nowMs()
        output.line(`${place} ${stepLabel(step, en)} …`)
      } else if (nowMs() - saidMs >= logMs) {
        saidMs = nowMs()
        const columns = output.columns()
        output.line(runningStepText(step, live, { width: 0, place, columns }, output))
      }
    },
    note: (text) => output.line(text),
  }
}

function placeOf(index: number, count: number): string {
  return `${String(index + 1).padStart(String(count).length)}/${count}`
}
