// First: what follows checks the tables of GPUs and models as it is loaded.
import '../../../jitless'
import { solveJob } from './solveJob'
import type { SolveRequest } from './solveMessages'

// The thread beside the page: for a deep model a search asks for thousands of estimates.

self.addEventListener('message', ({ data }: MessageEvent<SolveRequest>) => {
  self.postMessage(solveJob(data))
})
