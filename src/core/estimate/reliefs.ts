import { InputError } from '../errors'
import type { Architecture } from '../models/architecture'
import type { Estimate, Relief } from './estimate'
import { verdictOf } from './gpuFit'
import type { Job } from './job'
import { type Change, type ChangeKind, changeKinds, changesOf } from './reliefChanges'
import { headOf } from './resolvedModel'
import { decodeFlops, prefillFlops, totalTrainingFlops } from './stepFlops'

/** Changes made one after the other, and the job that they lead to. */
interface Combination {
  readonly changes: readonly Change[]
  readonly job: Job
}

/** A combination that saves memory, before any GPU is asked. */
interface Relieved {
  readonly kind: ChangeKind | null
  readonly relief: Omit<Relief, 'fitsAfter'>
  readonly estimate: Estimate
}

const mostTogether = 3
/** Combinations are many; who needs one needs the cheapest few. */
const shownCombinations = 5

/**
 * What would make a job fit: single changes, and where none of them is enough, the cheapest pairs or
 * triples that are. Those that fit come first, the quickest of them at the top and among equals
 * those that cost nothing but time; then the others, by what they save. Time is counted per trained
 * or generated token: by roofline where the job names a GPU of known rates, else by operations.
 * The answer is a function of the usable bytes, so that one search serves many GPUs.
 */
export function reliefSearch(
  job: Job,
  a: Architecture,
  before: Estimate,
  estimate: (job: Job) => Estimate,
  mostChanges = mostTogether,
): (usableBytes: number | null) => readonly Relief[] {
  const flopsBefore = flopsPerToken(job, a)
  const relieve = ({ changes, job: after }: Combination): readonly Relieved[] => {
    const answer = answerOrNull(() => estimate({ ...after, solve: false }))
    if (answer === null) return []
    const savedBytes = before.totalPeakBytes - answer.totalPeakBytes
    if (savedBytes <= 0) return []
    const prices = changes.map(({ price }) => price).filter((price) => price !== null)
    const relief = {
      change: changes.map(({ change }) => change).join(' + '),
      savedBytes,
      timeFactor:
        before.time && answer.time
          ? before.time.tokensPerSecond / answer.time.tokensPerSecond
          : flopsPerToken(after, a) / flopsBefore,
      price: prices.length > 0 ? prices.join('; ') : null,
      changes: Object.assign({}, ...changes.map(({ fields }) => fields)) as Relief['changes'],
    }
    const [only, second] = changes
    return [{ kind: only && !second ? only.kind : null, relief, estimate: answer }]
  }
  let combinations: readonly Combination[] = [{ changes: [], job }]
  const levels: (readonly Relieved[])[] = []
  const level = (size: number): readonly Relieved[] => {
    while (levels.length < size) {
      combinations = combinations.flatMap(extended)
      levels.push(combinations.flatMap(relieve))
    }
    return levels[size - 1] ?? []
  }
  return (usableBytes) => {
    const singles = rank(level(1), usableBytes)
    if (usableBytes === null || singles.some(({ fitsAfter }) => fitsAfter)) return singles
    for (let size = 2; size <= mostChanges; size += 1) {
      const fitting = rank(level(size), usableBytes).filter(({ fitsAfter }) => fitsAfter)
      if (fitting.length > 0) return [...fitting.slice(0, shownCombinations), ...singles]
    }
    return singles
  }
}

/** Every combination with one change more, each set of changes once. */
function extended({ changes, job }: Combination): readonly Combination[] {
  const last = changes.at(-1)
  const after = last ? changeKinds.indexOf(last.kind) : -1
  return changesOf(job)
    .filter(({ kind }) => changeKinds.indexOf(kind) > after)
    .map((change) => ({ changes: [...changes, change], job: change.job }))
}

/** A change may lead to a job that is refused: then it is none. */
function answerOrNull(estimate: () => Estimate): Estimate | null {
  try {
    return estimate()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

function rank(relieved: readonly Relieved[], usableBytes: number | null): readonly Relief[] {
  const judged = relieved.map(({ kind, relief, estimate }) => ({
    kind,
    relief: {
      ...relief,
      fitsAfter: usableBytes !== null && verdictOf(estimate.intervalBytes, usableBytes) === 'fits',
    },
  }))
  // Of more and more GPUs, the fewest that are enough; else the most.
  const clusters = judged.filter(({ kind }) => kind === 'gpus')
  const cluster = clusters.find(({ relief }) => relief.fitsAfter) ?? clusters.at(-1)
  return judged
    .filter((each) => each.kind !== 'gpus' || each === cluster)
    .map(({ relief }) => relief)
    .toSorted(
      (x, y) =>
        Number(y.fitsAfter) - Number(x.fitsAfter) ||
        (x.fitsAfter ? 0 : y.savedBytes - x.savedBytes) ||
        x.timeFactor - y.timeFactor ||
        Number(x.price !== null) - Number(y.price !== null) ||
        y.savedBytes - x.savedBytes,
    )
}

function flopsPerToken(job: Job, a: Architecture): number {
  const head = headOf(job, a)
  if (job.task === 'train') {
    const tokens = job.batchSize * job.sequenceLength * job.gradientAccumulationSteps
    return totalTrainingFlops(job, a, head) / tokens
  }
  const length = job.promptLength + job.generatedLength
  const decode = job.generatedLength * decodeFlops(job, a, head, length)
  return (prefillFlops(job, a, head) + decode) / (job.batchSize * length)
}
