import type { CudaSetupEvent } from '../../protocol/cudaSetup'
import type { InstalledRuntime } from './assembleRuntime'
import type { CudaFolder } from './cudaFolder'

export interface CudaSetupOptions {
  readonly folder: CudaFolder
  readonly runtime: InstalledRuntime
  /** A folder with the wheels; null: pip fetches them. */
  readonly from: string | null
  /** Whether cuDNN is fetched too, which only networks with convolutions need. */
  readonly withCudnn: boolean
  readonly platform: { readonly platform: NodeJS.Platform; readonly architecture: string }
  readonly environment: NodeJS.ProcessEnv
  /** Whether libraries that this machine has already are linked to instead of fetched. */
  readonly reuse: boolean
  readonly signal: AbortSignal
  readonly onEvent: (event: CudaSetupEvent) => void
}
