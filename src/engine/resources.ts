import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digitsFile, type DigitsSplit, parseDigits, splitDigits } from '../core/datasets/digits'
import { InputError } from '../core/errors'
import { parseTrainedWeights, trainedWeightsFile } from '../core/models/trainedWeights'
import { presetNetwork } from '../core/onnx/networks/presets'
import type { Weights } from '../core/onnx/networks/network'
import type { PresetName } from '../core/plan/workload'

/** How the data set is called in records. */
export const datasetName = 'UCI optical digits, test split'

export async function readDigits(resourcesFolder: string): Promise<DigitsSplit> {
  return splitDigits(parseDigits(await readResource(resourcesFolder, digitsFile)))
}

/** The weights that this engine trained and that come with the application. */
export async function readWeights(resourcesFolder: string, preset: PresetName): Promise<Weights> {
  const bytes = await readResource(resourcesFolder, trainedWeightsFile(preset))
  return parseTrainedWeights(bytes, presetNetwork(preset))
}

async function readResource(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, file))
  } catch {
    throw new InputError({
      code: 'FILE_UNREADABLE',
      file,
      message: 'a file of the application is missing or unreadable: install Headroom again',
    })
  }
}
