import type { CudaPackage, CudaSetupEvent, CudaSetupReport } from '../../../protocol/cudaSetup'

type Progress = Extract<CudaSetupEvent, { type: 'progress' }>

/** A set-up of CUDA as a page shows it. */
export interface SetupState {
  readonly isRunning: boolean
  /** What is done, in order. */
  readonly packages: readonly CudaPackage[]
  readonly progress: Progress | null
  /** What came of it; null while it goes on, or before. */
  readonly report: CudaSetupReport | null
  /** The call itself broke: the host is gone, or refused. */
  readonly broken: string | null
}

export const idleSetup: SetupState = {
  isRunning: false,
  packages: [],
  progress: null,
  report: null,
  broken: null,
}

export function applySetupEvent(state: SetupState, event: CudaSetupEvent): SetupState {
  switch (event.type) {
    case 'progress':
      return { ...state, progress: event }
    case 'package':
      return { ...state, packages: [...state.packages, event.package], progress: null }
    case 'ended':
      return { ...state, isRunning: false, progress: null, report: event.report }
  }
}

/** How much of the current file is done, 0 to 100; null where the index does not tell its size. */
export function progressPercent({ progress }: SetupState): number | null {
  if (!progress || !progress.totalBytes) return null
  return Math.min(100, (100 * progress.doneBytes) / progress.totalBytes)
}
