import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import * as z from 'zod'
import packageJson from '../package.json' with { type: 'json' }
import type { Comparison } from '../src/core/compare/comparison'
import type { DevicesReport } from '../src/core/device'
import type { DoctorReport } from '../src/core/doctor/doctorReport'
import type { Estimate } from '../src/core/estimate/estimate'
import type { FitReport } from '../src/core/estimate/fitReport'
import type { RunRecord } from '../src/core/run/record'
import type { CudaSetupReport } from '../src/protocol/cudaSetup'
import type { HistoryReport } from '../src/protocol/historyReport'
import { interruptHeadroom, runHeadroom } from './terminalHost'
import { serveWeb } from './webHost'

let dataFolder = ''
test.beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'headroom-terminal-'))
})
test.afterAll(() => rm(dataFolder, { recursive: true, force: true }))

const headroom = (...args: string[]) => runHeadroom(args, { HEADROOM_DATA: dataFolder })

/** The one document on stdout, checked against the published schema. */
function readDocument<T>(stdout: string, name: string): T {
  const document: unknown = JSON.parse(stdout)
  const schema: unknown = JSON.parse(readFileSync(`docs/schema/${name}.json`, 'utf8'))
  expect(z.fromJSONSchema(schema as never).safeParse(document).error?.issues).toBeUndefined()
  expect(document).toMatchObject({ schema: `headroom/${name}/1` })
  return document as T
}

test('says its version and its commands', async () => {
  expect(await runHeadroom(['--version'])).toEqual({
    code: 0,
    stdout: `${packageJson.version}\n`,
    stderr: '',
  })
  const { stdout } = await runHeadroom(['--help'])
  for (const command of [
    'devices',
    'run',
    'estimate',
    'history',
    'show',
    'compare',
    'report',
    'serve',
  ])
    expect(stdout).toContain(command)
})

const badInput: readonly (readonly [args: readonly string[], said: string])[] = [
  [['no-such-command'], "unknown command 'no-such-command'"],
  [['run', '--no-such-option'], "unknown option '--no-such-option'"],
  [['run', '--preset', 'resnet'], '--preset: "resnet" is not possible, choose digits-mlp'],
  [['run', '--mode', 'fly'], '--mode: "fly" is not possible, choose infer, train'],
  [['run', '--precision', 'fp32,fp7'], '--precision: "fp7" is not possible, choose fp32'],
  [['run', '--provider', 'abacus'], '--provider: "abacus" is not possible, choose auto, cpu'],
  [['run', '--batch', '0'], '--batch: "0" is not possible, give a whole number from 1 to 1024'],
  [
    ['run', '--preset', 'gpt-nano', '--sequence-length', '512'],
    'sequenceLength: 512 tokens are more',
  ],
  [['run', '--layers', '2'], '--layers: "2" is not possible, it cuts a --model config.json'],
  [['run', '--seed', '1.5'], '--seed: "1.5" is not possible'],
  [['estimate'], '--model: is missing'],
  [['estimate', '--model', 'nope.gguf'], 'nope.gguf: is not there'],
  [['estimate', '--model', 'gpt2', '--batch', '0'], '--batch: 0 is not accepted'],
  [['fit', '--model', 'gpt2', '--gpu', 't9'], '--gpu: "t9" is not a known GPU; there are p4'],
  [['show'], "missing required argument 'id'"],
  [['show', 'no-such-run'], 'ID: no run no-such-run'],
  [['compare', 'no-such-run', 'latest'], 'ID: no run no-such-run'],
  [['report', 'no-such-run'], 'ID: no run no-such-run'],
  [['report', 'latest', '--format', 'docx'], '--format: "docx" is not possible, choose html, pdf'],
  [['serve', '--port', '70000'], '--port: "70000" is no port'],
  [['serve', '--host', '192.0.2.1'], 'host: 192.0.2.1 is no address of this machine'],
]
for (const [args, said] of badInput) {
  test(`answers ${args.join(' ')} with one line and exit code 2`, async () => {
    const { code, stdout, stderr } = await headroom(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(said)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  })
}

test('does the textbook’s sum: 112, 56 and 28 GB do not fit a T4', async () => {
  const flags = '--params 7e9 --precision fp32,fp16,int8 --optimizer adamw --gpu t4'
  const { code, stdout } = await headroom('estimate', ...flags.split(' '))
  expect(code).toBe(1)
  expect(stdout).toMatch(/fp32 +28 \+ 28 \+ 56 = 112 GB +28 GB +does not fit/)
  expect(stdout).toMatch(/fp16 +14 \+ 14 \+ 28 = 56 GB +14 GB +does not fit/)
  expect(stdout).toMatch(/int8 +7 \+ 7 \+ 14 = 28 GB +7 GB +does not fit/)
})

test('estimates a model by name, and jobs by the line', async () => {
  const one = await headroom('estimate', '--model', 'gpt2', '--gpu', 't4', '--json')
  const estimate = readDocument<Estimate>(one.stdout, 'estimate')
  expect({ code: one.code, verdict: estimate.verdict }).toEqual({ code: 0, verdict: 'fits' })
  const jobs = join(dataFolder, 'jobs.jsonl')
  const job = { task: 'train', model: { name: 'gpt2' }, gpu: 't4', precision: 'bf16' }
  const lines = [
    { ...job, id: 'a' },
    { ...job, id: 'b', batchSize: 0 },
  ]
  await writeFile(jobs, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const { code, stdout } = await headroom('estimate', '--jobs', jobs)
  expect(code).toBe(2)
  const [first, second] = stdout.trimEnd().split('\n')
  expect(JSON.parse(first!)).toEqual({ ...estimate, id: 'a' })
  expect(JSON.parse(second!)).toMatchObject({ id: 'b', error: { path: 'batchSize' } })
})

test('fits a model by method and GPU, and says what would help', async () => {
  const flags = ['--model', 'llama-3.1-8b', '--gpu', 't4,h200', '--method', 'full']
  const { code, stdout } = await headroom('fit', ...flags, '--json')
  const { rows } = readDocument<FitReport>(stdout, 'fit')
  const [t4, h200] = rows[0]!.cells
  expect({ code, on: [t4?.verdict, h200?.verdict] }).toEqual({
    code: 0,
    on: ['doesNotFit', 'fits'],
  })
  expect(t4?.reliefs?.[0]?.fitsAfter).toBe(true)
  expect((await headroom('fit', ...flags)).stdout).toMatch(/full +−[\d.]+ ✗ +\+[\d.]+ ✓/)
})

test('says which folder it cannot write to', async () => {
  const { code, stderr } = await runHeadroom(['history'], {
    HEADROOM_DATA: join(process.cwd(), 'package.json'), // a file where the folder should be
  })
  expect(code).toBe(2)
  expect(stderr).toMatch(/^headroom: .*set HEADROOM_DATA to another one\n$/)
})

test('lists what there is to compute with', async () => {
  const { code, stdout } = await headroom('devices', '--json')
  expect(code).toBe(0)
  const { devices, executionProviders } = readDocument<DevicesReport>(stdout, 'devices')
  expect(devices.at(-1)).toMatchObject({ id: 'cpu', kind: 'cpu' })
  for (const { usable, reason } of executionProviders) expect(usable).toBe(reason === null)

  const doctor = await headroom('doctor')
  expect(doctor.stdout).toContain('✓ cpu')
  expect(doctor.stdout).not.toContain('\u001b') // nobody watches: no colours
  const coloured = await runHeadroom(['history'], { HEADROOM_DATA: dataFolder, FORCE_COLOR: '1' })
  expect(coloured.stdout).toContain('\u001b')
  const environment = { HEADROOM_DATA: dataFolder, FORCE_COLOR: '1', NO_COLOR: '1' }
  expect((await runHeadroom(['history'], environment)).stdout).not.toContain('\u001b')
})

test('says what a set-up of CUDA would fetch without a network too, and fetches nothing', async () => {
  const closed = { HEADROOM_DATA: dataFolder, PIP_INDEX_URL: 'http://127.0.0.1:9/simple/' }
  const { code, stdout } = await runHeadroom(['setup', 'cuda', '--dry-run', '--json'], closed)
  expect(code).toBe(1)
  const report = readDocument<CudaSetupReport>(stdout, 'setup')
  expect(['NO_NETWORK', 'NO_PYTHON']).toContain(report.error?.code)
  expect(report.wheels.map(({ bytes }) => bytes)).toEqual(report.wanted.map(() => null))
  expect(report).toMatchObject({ action: 'dryRun', state: 'absent', packages: [], bytes: 0 })
  expect(report.wanted[0]).toBe(`onnxruntime-gpu==${report.onnxruntimeVersion}`)
  expect((await headroom('setup', 'cuda', '--undo')).stdout).toContain('nothing to remove')
})

test('tells by its exit code whether the machine is healthy', async () => {
  const { code, stdout } = await headroom('doctor', '--json')
  const report = readDocument<DoctorReport>(stdout, 'doctor')
  expect(code).toBe(report.isHealthy ? 0 : 1)
  expect(report.checks.find(({ name }) => name === 'dataFolder')).toMatchObject({ status: 'ok' })
})

test('runs a benchmark, and shows, compares and reports it', async () => {
  const run = await headroom('run', '--mode', 'infer', '--precision', 'fp32,bf16', '--json')
  expect(run.code, run.stderr).toBe(0)
  const record = readDocument<RunRecord>(run.stdout, 'run')
  expect(record.outcome).toBe('completed')
  expect(record.steps).toMatchObject([
    { precision: 'fp32', outcome: 'completed' },
    { precision: 'bf16', outcome: 'skipped' },
  ])
  const [step, skipped] = record.steps
  expect(step!.latencyMs!.median).toBeGreaterThan(0)
  expect(step!.accuracy!.top1).toBeGreaterThan(0.9)
  expect(step!.memory.theory!.peakBytes).toBeGreaterThan(0)
  expect(run.stderr).toContain(skipped!.reason)
  expect(run.stderr).toMatch(/✓ fp32 inference .* ms/)

  const history = await headroom('history', '--json')
  const { runs } = readDocument<HistoryReport>(history.stdout, 'history')
  expect(runs).toMatchObject([{ id: record.id, outcome: 'completed', intact: true }])
  expect((await headroom('history')).stdout).toContain(record.id)

  const shown = await headroom('show', 'latest', '--json')
  expect(readDocument<RunRecord>(shown.stdout, 'run')).toEqual(record)
  expect((await headroom('show', record.id.slice(-6))).stdout).toContain('fp32 inference')

  const compared = await headroom('compare', record.id, record.id, '--json')
  expect(compared.code).toBe(0)
  const { verdict } = readDocument<Comparison>(compared.stdout, 'comparison')
  expect(verdict).toBe('noSignificantDifference')
  expect((await headroom('compare', 'latest', 'latest')).stdout).toMatch(
    /^No significant difference between the two runs\.\n/,
  )

  const folder = join(dataFolder, 'reports')
  const report = await headroom('report', 'latest', '--format', 'html,md,csv,json', '--out', folder)
  expect(report.code, report.stderr).toBe(0)
  const paths = report.stdout.trimEnd().split('\n')
  expect(paths.map((path) => path.split('.').at(-1))).toEqual(['html', 'md', 'csv', 'json'])
  const [html, , , json] = paths.map((path) => readFileSync(path, 'utf8'))
  expect(html).toMatch(/^<!doctype html>/)
  expect(readDocument<RunRecord>(json!, 'run')).toEqual(record)
})

test('trains a decoder of somebody’s own, cut to two layers, and predicts the rest', async () => {
  const config = join(dataFolder, 'tiny', 'config.json')
  mkdirSync(join(dataFolder, 'tiny'), { recursive: true })
  const model = {
    model_type: 'llama',
    vocab_size: 256,
    hidden_size: 32,
    intermediate_size: 64,
    num_hidden_layers: 8,
    num_attention_heads: 2,
  }
  writeFileSync(config, JSON.stringify(model))
  const flags = ['--model', config, '--layers', '2', '--mode', 'train', '--precision', 'fp32']
  const size = ['--batch', '2', '--sequence-length', '16', '--steps', '5']
  const run = await headroom('run', ...flags, ...size, '--json')
  expect(run.code, run.stderr).toBe(0)
  const record = readDocument<RunRecord>(run.stdout, 'run')
  const [step] = record.steps
  expect(step).toMatchObject({
    outcome: 'completed',
    sequenceLength: 16,
    network: { name: 'tiny' },
  })
  expect(step!.loss).toHaveLength(5)
  expect(step!.validation.map((validation) => validation.step)).toEqual([0, 1, 2, 3, 4, 5])
  expect(step!.tokensPerSecond).toBeGreaterThan(0)
  expect(step!.fractionOfPeak).toBeGreaterThan(0)
  expect(step!.fullDepth).toMatchObject({ layerCount: 8 })
  expect((await headroom('show', 'latest')).stdout).toContain('all 8 layers are predicted to take')
})

test('stores what there is when a run is interrupted', async () => {
  const { code, stdout, stderr } = await interruptHeadroom(
    ['run', '--mode', 'infer', '--precision', 'fp32,fp16', '--json'],
    /fp32 inference …/,
    { HEADROOM_DATA: dataFolder },
  )
  expect(code, stderr).toBe(130)
  const record = readDocument<RunRecord>(stdout, 'run')
  expect(record.outcome).toBe('cancelled')
  expect(record.steps.map(({ outcome }) => outcome)).toEqual(['cancelled', 'cancelled'])

  const { runs } = JSON.parse((await headroom('history', '--json')).stdout) as HistoryReport
  expect(runs[0]).toMatchObject({ id: record.id, outcome: 'cancelled', intact: true })
  const compared = await headroom('compare', runs[0]!.id, runs.at(-1)!.id)
  expect(compared.code).toBe(runs.length > 1 ? 2 : 0)
})

test('serves the dashboard until it is told to end', async () => {
  const web = await serveWeb(dataFolder)
  try {
    expect(web.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{32}$/)
    const { origin } = new URL(web.url)
    expect(await (await fetch(origin)).text()).toContain('<title>Headroom</title>')
  } finally {
    await web.close()
  }
})

test('says which port is in use', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { code, stderr } = await headroom('serve', '--port', String(port))
  other.close()
  expect(code).toBe(2)
  expect(stderr).toBe(
    `headroom: port: port ${port} is in use, choose another or 0 for a free one\n`,
  )
})

// A bundler that puts shared code into an entry makes every process that needs it run that entry.
test('no part of the build runs an entry by requiring it', () => {
  const entries = ['index.cjs', 'engine.cjs', 'cli.cjs']
  const files = readdirSync('out/main').filter((name) => name.endsWith('.cjs'))
  expect(files).toEqual(expect.arrayContaining(entries))
  for (const file of files)
    for (const entry of entries)
      expect(readFileSync(`out/main/${file}`, 'utf8'), file).not.toContain(`require("./${entry}")`)
})
