import { InputError } from '../errors'
import type { Architecture } from '../models/architecture'
import { boundedSearch, type LargestFound } from './boundedSearch'
import type { Estimate } from './estimate'
import { type Job, maxJobBatchSize } from './job'
import { withBatchSize, withSequenceLength } from './largestFit'
import { otherCalculators } from './otherCalculators'
import { reliefSearch } from './reliefs'

/** Every answer builds and walks a graph, which takes up to a second. */
const graphsPerLimit = 8
/** Scores are tensors of the graph, length² of each head: nothing longer is built to be tried. */
const longestTried = 16_384
/** Pairs and triples of changes would be hundreds of graphs. */
const changesAtOnce = 1

type Solved = Pick<
  Estimate,
  'maxBatchSize' | 'maxSequenceLength' | 'reliefs' | 'otherCalculators' | 'assumptions'
>

/**
 * Largest batch, longest sequence and reliefs by the theory of the engine's own graphs, of which only
 * a few are built; where they leave a gap, the assumptions say between which values.
 */
export function solveEngine(
  job: Job,
  a: Architecture,
  estimate: Estimate,
  ask: (job: Job) => Estimate,
): Solved {
  const others = otherCalculators(job, a)
  if (estimate.gpu === null) {
    return {
      maxBatchSize: null,
      maxSequenceLength: null,
      reliefs: null,
      otherCalculators: others,
      assumptions: ['onnxruntime: without a GPU there is no limit to search'],
    }
  }
  const { usableBytes } = estimate.gpu
  const upper = ({ intervalBytes }: Estimate): number => intervalBytes[1]
  const largest = (limit: number, value: number, change: (job: Job, value: number) => Job) =>
    boundedSearch(
      limit,
      usableBytes,
      { value, bytes: upper(estimate) },
      (each) => bytesOrRefused(() => upper(ask(change(job, each)))),
      graphsPerLimit,
    )
  const length = job.task === 'train' ? job.sequenceLength : job.promptLength
  const { position } = a.embedding
  const longest = position.type === 'learned' ? position.positionCount : longestTried
  const batch = largest(maxJobBatchSize, job.batchSize, withBatchSize)
  const sequence = largest(Math.max(length, longest), length, withSequenceLength)
  return {
    maxBatchSize: batch.value,
    maxSequenceLength: sequence.value,
    reliefs: reliefSearch(job, a, estimate, ask, changesAtOnce)(usableBytes),
    otherCalculators: others,
    assumptions: [
      ...gapOf('largest batch', batch),
      ...gapOf('longest sequence', sequence),
      ...(sequence.firstMiss === null
        ? [`onnxruntime: sequences were searched up to ${sequence.value} tokens`]
        : []),
      'onnxruntime: reliefs are single changes that the engine has graphs for',
    ],
  }
}

/** A size that the engine has no graph for does not fit. */
function bytesOrRefused(bytes: () => number): number {
  try {
    return bytes()
  } catch (error) {
    if (error instanceof InputError) return Infinity
    throw error
  }
}

function gapOf(what: string, { value, firstMiss }: LargestFound): readonly string[] {
  if (firstMiss === null || firstMiss - value <= 1) return []
  return [
    `onnxruntime: the ${what} is at least ${value} and less than ${firstMiss}, by ${graphsPerLimit} graphs`,
  ]
}
