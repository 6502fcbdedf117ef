import { expect, it } from 'vitest'
import { runRecord } from '../../../test/runRecords'
import type { Device, DevicesReport, ProviderStatus } from '../device'
import { memoryTerms } from '../estimate/memoryTerms'
import { makePlan, type StepTheory } from './makePlan'
import { Plan } from './plan'
import { judgeFit, usableMemoryBytes } from './verdict'
import { defaultWorkload, type Workload } from './workload'

const GiB = 2 ** 30
const { host, device } = runRecord()
const cpu: Device = { ...device, memoryTotalBytes: 16 * GiB, memoryFreeBytes: 10 * GiB }
const gpu: Device = {
  ...device,
  id: 'gpu-0',
  kind: 'gpu',
  memoryTotalBytes: 15 * GiB,
  memoryFreeBytes: null,
}
const status = (change: Partial<ProviderStatus>): ProviderStatus => ({
  name: 'cpu',
  usable: true,
  reason: null,
  fix: null,
  command: null,
  details: null,
  deviceId: 'cpu',
  context: null,
  ...change,
})
const noCuda = status({
  name: 'cuda',
  usable: false,
  reason: 'libcudnn.so.9 not found.',
  fix: 'Install cuDNN 9.',
  command: null,
  deviceId: null,
})
const report = (...executionProviders: ProviderStatus[]): DevicesReport => ({
  schema: 'headroom/devices/1',
  host,
  devices: executionProviders.some(({ deviceId }) => deviceId === 'gpu-0') ? [gpu, cpu] : [cpu],
  executionProviders,
})
const theoryOf: StepTheory = () => {
  const terms = memoryTerms({ weightsBytes: 1000 })
  return {
    memory: { terms, peakBytes: 1000, peakPhase: 'forward', phases: [], reservedPeakBytes: null },
    flops: 2000,
  }
}
const plan = (change: Partial<Workload>, machine: DevicesReport) =>
  makePlan({ ...defaultWorkload, ...change }, machine, theoryOf)
const cuda = status({ name: 'cuda', deviceId: 'gpu-0' })

it('makes one step per mode and precision, named once, and says what is skipped', () => {
  const { steps } = plan({ precisions: ['fp32', 'fp16', 'int8', 'fp32'] }, report(status({})))
  expect(steps.map(({ step }) => `${step.mode} ${step.precision} ${step.outcome}`)).toEqual([
    'infer fp32 planned',
    'infer fp16 planned',
    'infer int8 planned',
    'train fp32 planned',
    'train fp16 planned',
    'train int8 planned',
  ])
  const qlora = plan({ precisions: ['int8'], methods: ['qlora'] }, report(status({}))).steps
  expect(qlora.at(-1)).toMatchObject({
    verdict: null,
    step: {
      outcome: 'skipped',
      reason: expect.stringContaining('full') as string,
      optimizer: 'adamw',
    },
  })
})

it('trains once with each method and each optimizer, which inference knows nothing of', () => {
  const { steps } = plan(
    {
      preset: 'gpt-nano',
      batchSize: 1,
      precisions: ['fp32'],
      methods: ['full', 'qlora'],
      optimizers: ['adamw', 'adamw-8bit'],
    },
    report(status({})),
  )
  expect(steps.map(({ step }) => [step.mode, step.method, step.optimizer])).toEqual([
    ['infer', null, null],
    ['train', 'full', 'adamw'],
    ['train', 'full', 'adamw-8bit'],
    ['train', 'qlora', 'adamw'],
    ['train', 'qlora', 'adamw-8bit'],
  ])
})

it('says in how many bits each method stores the weights beside its adapters', () => {
  const { steps } = plan(
    {
      preset: 'gpt-nano',
      batchSize: 1,
      modes: ['train'],
      precisions: ['fp32'],
      methods: ['full', 'lora', 'qlora', 'qlora-8bit'],
    },
    report(status({})),
  )
  const base = 'adapters of rank 8 are trained beside the weights that come with the application'
  expect(steps.map(({ step }) => step.notes)).toEqual([
    [],
    [base],
    [`${base}, stored in 4 bits`],
    [`${base}, stored in 8 bits`],
  ])
})

it('trains in bf16 only where the device has it: CUDA on Ampere and newer', () => {
  const outcome = (computeCapability: string | null, provider: 'cpu' | 'cuda') => {
    const devices = { ...report(cuda, status({})), devices: [{ ...gpu, computeCapability }, cpu] }
    return plan({ precisions: ['bf16'], modes: ['train'], provider }, devices).steps[0]!.step
      .outcome
  }
  expect(outcome('8.0', 'cuda')).toBe('planned')
  expect(outcome('7.5', 'cuda')).toBe('skipped')
  expect(outcome(null, 'cuda')).toBe('skipped')
  expect(outcome('8.0', 'cpu')).toBe('skipped')
})

it('takes what computes on a GPU before the CPU', () => {
  const webgpu = status({ name: 'webgpu', deviceId: 'gpu-0' })
  expect(plan({}, report(status({}), cuda))).toMatchObject({ provider: 'cuda', device: gpu })
  expect(plan({}, report(webgpu, status({})))).toMatchObject({ provider: 'cpu', device: cpu })
})

it('never moves a provider that was asked for to the CPU in silence', () => {
  const { provider, steps } = plan({ provider: 'cuda' }, report(noCuda, status({})))
  expect(provider).toBe('cuda')
  for (const { step, verdict } of steps) {
    expect(step.outcome).toBe('skipped')
    expect(verdict).toBeNull()
  }
  expect(steps[0]!.step.reason).toBe(
    'cuda cannot be used here: libcudnn.so.9 not found. Install cuDNN 9.',
  )
})

it('names what really computes: fp16 and int8 on a CPU and on a GPU', () => {
  const compute = (machine: DevicesReport) =>
    plan({ modes: ['infer'] }, machine).steps.map(
      ({ step }) => `${step.precision}: ${step.computePrecision} ${step.int8Mode ?? ''}`,
    )
  expect(compute(report(status({})))).toEqual([
    'fp32: fp32 ',
    'fp16: fp32 ',
    'int8: int8 int8-gemm',
  ])
  expect(compute(report(cuda))).toEqual(['fp32: fp32 ', 'fp16: fp16 ', 'int8: fp32 int8-weights'])
})

it('skips bf16, and gives a plan that its own schema accepts', () => {
  const made = plan({ precisions: ['bf16'] }, report(status({})))
  expect(made.steps.every(({ step }) => step.outcome === 'skipped')).toBe(true)
  expect(Plan.parse(made)).toEqual(made)
})

it('says that samples of several processes follow one another', () => {
  const { steps } = plan({ profile: 'standard', modes: ['infer'] }, report(status({})))
  expect(steps[0]!.step.notes.join()).toContain('5 fresh processes')
})

it('may use what is free, else 97 % of the total: 0.97 × 1000 = 970', () => {
  expect(usableMemoryBytes({ ...gpu, memoryFreeBytes: 700, memoryTotalBytes: 1000 })).toBe(700)
  expect(usableMemoryBytes({ ...gpu, memoryFreeBytes: null, memoryTotalBytes: 1000 })).toBe(970)
  expect(usableMemoryBytes({ ...gpu, memoryFreeBytes: null, memoryTotalBytes: null })).toBeNull()
})

it.each([
  [949, 'fits'],
  [950, 'tooCloseToCall'], // 1000 − 5 % of 1000
  [1050, 'tooCloseToCall'],
  [1051, 'doesNotFit'],
] as const)('calls %i of 1000 usable bytes %s', (peakBytes, verdict) => {
  expect(judgeFit(peakBytes, 1000)).toBe(verdict)
})

it('gives no verdict where nobody reports the memory', () => {
  expect(judgeFit(1, null)).toBeNull()
})
