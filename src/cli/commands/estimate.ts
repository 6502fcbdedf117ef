import { builtInGpus } from '../../core/builtInGpus'
import { InputError } from '../../core/errors'
import type { Estimate, ExplainedEstimate, Verdict } from '../../core/estimate/estimate'
import type { Estimates, Explanation } from '../../core/estimate/estimateDocuments'
import { explainEstimate } from '../../core/estimate/estimateMemory'
import { smallestGpu } from '../../core/estimate/gpuFit'
import { type Job, parseJob } from '../../core/estimate/job'
import { findGpu } from '../../core/gpus'
import { answerJobs } from '../answerJobs'
import { exitCodes, type ExitCode } from '../exitCodes'
import { flagName, jobFlags, namingFlags } from '../jobOptions'
import { readJobRequest, type RequestOptions } from '../jobRequest'
import { impossible, listOf, parameterCountOf } from '../optionValues'
import { measuredHere, nothingMeasured } from '../measuredHere'
import { printJson } from '../printJson'
import type { Terminal } from '../terminal'
import { estimatesText } from '../text/estimatesText'
import { estimateText } from '../text/estimateText'
import { textbookText } from '../text/textbookText'

export interface EstimateOptions extends RequestOptions {
  readonly jobs?: string
  readonly params?: string
  readonly precision?: string
  readonly gpu?: string
  readonly explain?: boolean
  readonly solve?: boolean
  readonly json?: boolean
}

/** Estimates are of CUDA's runtime: what shares the host's memory is no card to rent. */
const discreteGpus = builtInGpus.filter(({ unifiedMemory }) => !unifiedMemory)

/** One row of the answer: a precision, and under the textbook what loading alone takes. */
export interface EstimateRow {
  /** The model as a person calls it; null for a bare number of parameters. */
  readonly label: string | null
  readonly precision: string
  readonly job: Job
  readonly answer: ExplainedEstimate
  readonly loading: Estimate | null
}

/** What a job needs of a GPU; the exit code is the verdict of its worst row. */
export async function estimate(terminal: Terminal, options: EstimateOptions): Promise<ExitCode> {
  if (options.gpu?.includes(',')) {
    throw impossible('--gpu', options.gpu, 'give one GPU; headroom fit takes a list of them')
  }
  if (options.jobs !== undefined) return answerJobs(terminal, options.jobs, otherFlags(options))
  const isTextbook = options.params !== undefined
  const rows = isTextbook ? textbookRows(options) : await modelRows(options)
  print(terminal, rows, options)
  return exitCodeOf(rows.map(({ answer }) => answer.estimate.verdict))
}

function otherFlags({ jobs: _jobs, ...others }: EstimateOptions): readonly string[] {
  return Object.keys(others)
}

function textbookRows(options: EstimateOptions): EstimateRow[] {
  const { params = '', task = 'train', optimizer, gpu } = options
  if (options.model !== undefined) {
    throw new InputError({
      code: 'INVALID_VALUE',
      path: '--params',
      message: 'contradicts --model, which has its own number of parameters; leave one out',
    })
  }
  const mute = [...jobFlags.map(flagName), '--config', '--solve'].find(
    (name) => !['--optimizer', '--runtime'].includes(name) && options[camel(name)] !== undefined,
  )
  if (mute !== undefined) {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: mute,
      message:
        'has no meaning for a bare number of parameters, of which the textbook knows weights, gradients and optimizer states; give --model',
    })
  }
  const parameterCount = parameterCountOf('--params', params)
  const precisions = listOf('--precision', options.precision ?? 'fp32')
  const kind = task === 'infer' ? 'infer' : 'train'
  const jobOf = (asked: unknown, precision: string): Job =>
    namingFlags(
      kind,
      () => null,
      () =>
        parseJob({
          task: asked,
          runtime: options.runtime ?? 'textbook',
          model: { parameterCount },
          precision,
          id: precisions.length > 1 ? precision : null,
          gpu: gpu ?? null,
          ...(asked === 'train' && optimizer !== undefined ? { optimizer } : {}),
        }),
    )
  return precisions.map((precision) => {
    const job = jobOf(task, precision)
    return namingFlags(
      kind,
      () => null,
      () => ({
        label: null,
        precision,
        job,
        answer: explainEstimate(job),
        loading: kind === 'train' ? explainEstimate(jobOf('infer', precision)).estimate : null,
      }),
    )
  })
}

async function modelRows(options: EstimateOptions): Promise<EstimateRow[]> {
  const request = await readJobRequest(options)
  const { model } = request
  const precisions =
    options.precision === undefined ? [null] : listOf('--precision', options.precision)
  const jobs = precisions.map((precision) =>
    request.job({
      ...(precision === null ? {} : { precision }),
      ...(options.gpu === undefined ? {} : { gpu: options.gpu }),
      id: precisions.length > 1 ? precision : null,
      solve: options.solve ?? false,
    }),
  )
  const [first] = jobs
  const { ratesOf, ...context } = first ? await measuredHere(first) : nothingMeasured
  return jobs.map((job) => {
    const answer = request.naming(() =>
      explainEstimate(job, { model: model.resolved, ...context, ...ratesOf(job) }),
    )
    const assumptions = [...answer.estimate.assumptions, ...request.assumptions]
    return {
      label: model.label,
      precision: job.precision,
      job,
      answer: { ...answer, estimate: { ...answer.estimate, assumptions } },
      loading: null,
    }
  })
}

function camel(name: string): string {
  return name.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function print({ out }: Terminal, rows: readonly EstimateRow[], options: EstimateOptions): void {
  const [first, ...others] = rows
  if (!first) return
  if (options.json) {
    printJson(out, documentOf(first, rows, options))
    return
  }
  const gpuName = options.gpu ? (findGpu(builtInGpus, options.gpu)?.name ?? null) : null
  const shown = {
    label: first.label,
    gpuName,
    explain: options.explain ?? false,
  }
  if (first.job.runtime === 'textbook') out.line(textbookText(rows, shown, out))
  else if (others.length > 0) out.line(estimatesText(rows, shown, out))
  else {
    const smallest = gpuName === null ? smallestGpu(first.answer.estimate, discreteGpus) : null
    out.line(estimateText(first, { ...shown, smallestGpu: smallest?.gpu ?? null }, out))
  }
}

function documentOf(
  first: EstimateRow,
  rows: readonly EstimateRow[],
  { explain = false }: EstimateOptions,
): Estimate | Estimates | Explanation {
  if (rows.length > 1) {
    return {
      schema: 'headroom/estimates/1',
      rows: rows.map(({ precision, answer, loading }) => ({
        precision,
        estimate: answer.estimate,
        loading,
        explained: explain ? answer.explained : null,
      })),
    }
  }
  return explain ? { schema: 'headroom/explanation/1', ...first.answer } : first.answer.estimate
}

/** No where one row does not fit, then too close to call; without a GPU there is no question. */
export function exitCodeOf(verdicts: readonly (Verdict | null)[]): ExitCode {
  if (verdicts.includes('doesNotFit')) return exitCodes.no
  return verdicts.includes('tooCloseToCall') ? exitCodes.tooClose : exitCodes.ok
}
