// What an answer of the estimator takes: a matrix for the Fit page, one estimate, a file of jobs through
// the built command, and the headers of a model of 70 billion parameters.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { builtInGpus } from '../src/core/builtInGpus'
import { estimateMemory } from '../src/core/estimate/estimateMemory'
import { fitMatrix } from '../src/core/estimate/fitMatrix'
import { fitMethodIds, jobOfMethod } from '../src/core/estimate/fitMethods'
import type { Job } from '../src/core/estimate/job'
import { catalogue } from '../src/core/models/catalogue'
import { medianInterval } from '../src/core/statistics/medianInterval'
import { median, sortedCopy } from '../src/core/statistics/quantile'
import { createModelReader } from '../src/profiler/modelReader'
import { llama70b, writeShardedLlama } from '../test/shardedModel'
import type { Figure } from './figure'

const execute = promisify(execFile)
const modelCount = 50
const gpuCount = 60
const lineCount = 10_000

export async function benchEstimator(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-bench-'))
  try {
    return [...matrix(), await jobLines(folder), await headers(folder)]
  } finally {
    await rm(folder, { recursive: true })
  }
}

const modelJobs = (): Job[] =>
  catalogue
    .slice(0, modelCount)
    .flatMap(({ id }) =>
      fitMethodIds.map((method) =>
        jobOfMethod(method, { name: id }, { batchSize: 1, sequenceLength: 2048 }),
      ),
    )

function matrix(): Figure[] {
  const jobs = modelJobs()
  const gpus = builtInGpus.slice(0, gpuCount)
  const samples: number[] = []
  const processorMs: number[] = []
  for (let repetition = 0; repetition < 31; repetition += 1) {
    const used = process.threadCpuUsage()
    const start = performance.now()
    fitMatrix(jobs, gpus)
    samples.push(performance.now() - start)
    const { user, system } = process.threadCpuUsage(used)
    processorMs.push((user + system) / 1000)
  }
  const [first = 0, ...later] = samples
  const [firstProcessor = 0, ...laterProcessor] = processorMs
  const singles: number[] = []
  for (let repetition = 0; repetition < 31; repetition += 1) {
    const start = performance.now()
    for (const job of jobs) estimateMemory(job)
    singles.push((performance.now() - start) / jobs.length)
  }
  const size = `${modelCount} models × ${gpuCount} GPUs × ${fitMethodIds.length} methods`
  return [
    {
      name: `Matrix of ${size}`,
      value: median(later),
      interval: medianInterval(sortedCopy(later)),
      unit: 'ms',
      goal: 100,
      how: `fitMatrix, median of ${later.length}, ${median(laterProcessor).toFixed(1)} ms of processor time; the first in its process ${first.toFixed(0)} ms, ${firstProcessor.toFixed(0)} ms of processor time, with the compilation of all that runs`,
    },
    {
      name: 'One estimate',
      value: median(singles),
      interval: medianInterval(sortedCopy(singles)),
      unit: 'ms',
      goal: 0.2,
      how: `mean of ${jobs.length} jobs, median of ${singles.length} such means`,
    },
  ]
}

/** Half of the lines name a model of the catalogue, half carry its config.json. */
async function jobLines(folder: string): Promise<Figure> {
  const jobs = modelJobs()
  const lines = Array.from({ length: lineCount }, (_, index) => {
    const job = jobs[index % jobs.length]!
    const { config } = catalogue.find(({ id }) => id === job.model.name)!
    const model = index % 2 === 0 ? job.model : { config }
    return JSON.stringify({
      ...job,
      model,
      id: `job-${index}`,
      batchSize: 1 + (index % 8),
      gpu: 't4',
    })
  })
  const file = join(folder, 'jobs.jsonl')
  await writeFile(file, lines.join('\n'))
  const samples: number[] = []
  for (let repetition = 0; repetition < 5; repetition += 1) {
    const start = performance.now()
    await execute(process.execPath, ['bin/headroom.cjs', 'estimate', '--jobs', file], {
      maxBuffer: 256 * 1024 * 1024,
    })
    samples.push((performance.now() - start) / 1000)
  }
  return {
    name: `estimate --jobs with ${lineCount.toLocaleString('en')} lines`,
    value: median(samples),
    interval: { low: Math.min(...samples), high: Math.max(...samples) },
    unit: 's',
    goal: 3,
    how: `the built command from its start to its end, answers piped; median and range of ${samples.length}`,
  }
}

async function headers(folder: string): Promise<Figure> {
  const shards = 30
  await writeShardedLlama(folder, llama70b, shards)
  const samples: number[] = []
  for (let repetition = 0; repetition < 31; repetition += 1) {
    const read = createModelReader([])
    const start = performance.now()
    await read(folder)
    samples.push(performance.now() - start)
  }
  const [first = 0] = samples
  return {
    name: 'Headers of a model of 70 billion parameters',
    value: median(samples),
    interval: medianInterval(sortedCopy(samples)),
    unit: 'ms',
    goal: 50,
    how: `config.json, index and ${shards} shards (141 GB, sparse), the first ${first.toFixed(0)} ms; median of ${samples.length}`,
  }
}
