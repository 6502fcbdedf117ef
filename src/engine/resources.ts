import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { digitsFile, type DigitsSplit, parseDigits, splitDigits } from '../core/datasets/digits'
import { type ByteText, splitText, textFile } from '../core/datasets/byteText'
import { InputError } from '../core/errors'
import { parseTrainedWeights, trainedWeightsFile } from '../core/models/trainedWeights'
import type { Network, Weights } from '../core/onnx/networks/network'

/** How the data set is called in records. */
export const datasetName = 'UCI optical digits, test split'

export async function readDigits(resourcesFolder: string): Promise<DigitsSplit> {
  return splitDigits(parseDigits(await readResource(resourcesFolder, digitsFile)))
}

/** How the text is called in records. */
export const textDatasetName = 'Persuasion (Jane Austen), validation split'

export async function readText(resourcesFolder: string): Promise<ByteText> {
  return splitText(await readResource(resourcesFolder, textFile))
}

/** The weights that this engine trained and that come with the application. */
export async function readWeights(resourcesFolder: string, network: Network): Promise<Weights> {
  const bytes = await readResource(resourcesFolder, trainedWeightsFile(network.name))
  return parseTrainedWeights(bytes, network)
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
