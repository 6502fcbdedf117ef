import type { MonitoredGpu, MonitorState } from '../../../core/monitor/monitorState'
import { GpuCharts } from './GpuCharts'
import classes from './MonitorPage.module.css'
import { ProcessTable } from './ProcessTable'
import { SlowFacts } from './SlowFacts'
import { TruthLine } from './TruthLine'

interface GpuViewProps {
  readonly state: MonitorState
  readonly gpu: MonitoredGpu
}

/** Everything of one GPU: who holds its memory, its live lines, its processes, its slow figures. */
export function GpuView({ state, gpu }: GpuViewProps) {
  return (
    <>
      <TruthLine state={state} gpu={gpu} />
      <GpuCharts state={state} gpu={gpu} />
      <div className={classes.columns}>
        <ProcessTable state={state} gpu={gpu} />
        <SlowFacts state={state} gpu={gpu} />
      </div>
    </>
  )
}
