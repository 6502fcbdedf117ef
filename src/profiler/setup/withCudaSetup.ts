import { readFileSync } from 'node:fs'
import { delimiter } from 'node:path'
import type { LaunchEngine } from '../engineProcess'
import { findInstalledRuntime } from './assembleRuntime'
import { cudaFolder } from './cudaFolder'
import type { SetupManifest } from './setupManifest'

/**
 * A launcher whose engines use the ONNX Runtime and the CUDA that were set up in the data folder.
 * Both have to be in the environment at the start: the dynamic linker reads LD_LIBRARY_PATH once. Asked
 * at every start, since a set-up may end in between; where there is none nothing changes.
 */
export function withCudaSetup(launch: LaunchEngine, dataFolder: string): LaunchEngine {
  const { manifest, runtime, libraries } = cudaFolder(dataFolder)
  return (entry, environment) => {
    if (!isReady(manifest)) return launch(entry, environment)
    const searched = [libraries, environment.LD_LIBRARY_PATH].filter(Boolean).join(delimiter)
    return launch(entry, {
      ...environment,
      // A folder whose node_modules is searched: require() wants a file in it, there or not.
      HEADROOM_ONNXRUNTIME: `${runtime}/`,
      LD_LIBRARY_PATH: searched,
    })
  }
}

/** A copy of another version than the application's would be another ONNX Runtime unseen. */
function isReady(manifestFile: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8')) as SetupManifest
    return manifest.isComplete && manifest.onnxruntimeVersion === findInstalledRuntime().version
  } catch {
    // Not set up.
    return false
  }
}
