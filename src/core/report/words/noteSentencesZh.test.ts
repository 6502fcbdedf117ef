import { expect, it } from 'vitest'
import { runRecord } from '../../../../test/runRecords'
import { stepTheory } from '../../plan/stepTheory'
import { makePlan } from '../../plan/makePlan'
import { defaultWorkload, type Workload } from '../../plan/workload'
import { summarizeLatency } from '../../statistics/summarizeLatency'
import { zhCN } from './zhCN'

const { host, device } = runRecord()
const cpu = {
  name: 'cpu' as const,
  usable: true,
  reason: null,
  fix: null,
  command: null,
  details: null,
  deviceId: device.id,
  context: null,
}

const notesOf = (change: Partial<Workload>): string[] =>
  makePlan(
    { ...defaultWorkload, ...change },
    { schema: 'headroom/devices/1', host, devices: [device], executionProviders: [cpu] },
    stepTheory,
  ).steps.flatMap(({ step }) => step.notes)

const isEnglish = (text: string) => zhCN.note(text) === text

it('says every note of a plan in Chinese', () => {
  const text = { preset: 'gpt-nano', batchSize: 2, sequenceLength: 16, trainingSteps: 10 } as const
  const everything = {
    modes: ['infer', 'train'],
    precisions: ['fp32', 'fp16', 'int8'],
    methods: ['full', 'lora', 'qlora', 'qlora-8bit'],
    profile: 'audit',
  } as const satisfies Partial<Workload>
  const notes = [
    ...notesOf({ modes: ['infer', 'train'], precisions: ['fp32', 'fp16', 'int8'] }),
    ...notesOf({ ...text, ...everything } as Partial<Workload>),
  ]
  expect(notes.length).toBeGreaterThan(5)
  expect(notes.filter(isEnglish)).toEqual([])
})

it('says why a step is skipped in Chinese', () => {
  const reasonsOf = (change: Partial<Workload>) =>
    makePlan(
      { ...defaultWorkload, modes: ['infer', 'train'], ...change },
      { schema: 'headroom/devices/1', host, devices: [device], executionProviders: [cpu] },
      stepTheory,
    ).steps.flatMap(({ step }) => step.reason ?? [])
  const text = { preset: 'gpt-nano', batchSize: 2, sequenceLength: 16, trainingSteps: 10 } as const
  const reasons = [
    ...reasonsOf({ precisions: ['bf16'] }),
    ...reasonsOf({ precisions: ['fp32'], methods: ['lora'] }),
    ...reasonsOf({ ...text, precisions: ['int8'], methods: ['qlora'] }),
  ]
  expect(reasons.length).toBeGreaterThan(4)
  expect(reasons.filter(isEnglish)).toEqual([])
})

it('says every doubt about a latency in Chinese', () => {
  const drifting = Array.from({ length: 200 }, (_, i) => 1 + i / 50 + 0.001 * (i % 7))
  const cold = Array.from({ length: 60 }, (_, i) => (i === 0 ? 50 : 1 + 0.001 * (i % 7)))
  const few = [1, 1.1, 1.2]
  const warnings = [drifting, cold, few].flatMap((samples) => summarizeLatency(samples).warnings)
  expect(warnings.length).toBeGreaterThan(3)
  expect(warnings.filter(isEnglish)).toEqual([])
})
