import type * as z from 'zod'
import { Comparison } from '../core/compare/comparison'
import { DevicesReport } from '../core/device'
import { Estimate } from '../core/estimate/estimate'
import { FitReport } from '../core/estimate/fitReport'
import { MonitorSample } from '../core/monitor/monitorSample'
import { Estimates, Explanation } from '../core/estimate/estimateDocuments'
import { FrontierReport, LargestReport } from '../core/plan/largest'
import { RunRecord } from '../core/run/record'
import { CudaSetupReport } from '../protocol/cudaSetup'
import { DoctorReport } from '../core/doctor/doctorReport'
import { HistoryReport } from '../protocol/historyReport'

/** Every document that a `--json` prints, by its name in `"schema": "headroom/<name>/1"`. */
export const jsonDocuments: Readonly<Record<string, z.ZodType>> = {
  comparison: Comparison,
  devices: DevicesReport,
  estimate: Estimate,
  estimates: Estimates,
  explanation: Explanation,
  fit: FitReport,
  doctor: DoctorReport,
  history: HistoryReport,
  frontier: FrontierReport,
  largest: LargestReport,
  monitorSample: MonitorSample,
  run: RunRecord,
  setup: CudaSetupReport,
}
