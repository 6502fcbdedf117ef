import { describe, expect, it } from 'vitest'
import { exampleRun } from '../../../test/exampleRun'
import { recordingTerminal } from '../../../test/recordingTerminal'
import { compareRuns } from '../../core/compare/compareRuns'
import type { DevicesReport, ProviderStatus } from '../../core/device'
import { latencySamples, plannedStep, runRecord, stepMemory } from '../../../test/runRecords'
import { comparisonText, comparisonVerdict } from './comparisonText'
import { devicesText, devicesVerdict } from './devicesText'
import { historyText } from './historyText'
import { reportText, wrap } from './reportText'
import { endedStepText } from './stepText'
import { formatTable } from './table'

const { terminal } = recordingTerminal()
const { out } = terminal
const narrow = recordingTerminal({ columns: 20 }).terminal.out

describe('a table', () => {
  const columns = [{ label: 'Step' }, { label: 'ms', isFigure: true }, { label: 'Why' }]

  it('aligns figures to the right and leaves out what nobody knows', () => {
    const rows = [
      ['fp32', '0.1', '—'],
      ['int8', '12.5', ''],
    ]
    expect(formatTable(columns, rows, out)).toBe('Step    ms\nfp32   0.1\nint8  12.5')
  })

  it('is turned on its side where it would not fit', () => {
    const rows = [['fp32', '0.1', 'a long reason here']]
    expect(formatTable(columns, rows, narrow).split('\n')[1]).toMatch(/^ms +0\.1$/)
  })

  it('counts the columns that a character takes, not its bytes', () => {
    const [, first, second] = formatTable(
      columns.slice(0, 2),
      [
        ['网络', '1'],
        ['net', '2'],
      ],
      out,
    ).split('\n')
    expect(first).toBe('网络   1')
    expect(second).toBe('net    2')
  })
})

it('text breaks between words', () => {
  expect(wrap('one two three', 7)).toBe('one two\nthree')
  expect(wrap('indivisible', 3)).toBe('indivisible')
})

describe('devices', () => {
  const record = runRecord()
  const provider = (change: Partial<ProviderStatus>): ProviderStatus => ({
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
  const cuda = provider({
    name: 'cuda',
    usable: false,
    reason: 'cuDNN is missing',
    fix: 'install cuDNN 9',
    command: null,
    deviceId: null,
  })
  const report = (change: Partial<DevicesReport> = {}): DevicesReport => ({
    schema: 'headroom/devices/1',
    host: record.host,
    devices: [record.device],
    executionProviders: [cuda, provider({})],
    ...change,
  })
  const gpu = { ...record.device, id: 'gpu-0', name: 'Tesla T4', kind: 'gpu' as const }

  it('begin with the answer and put what is usable first', () => {
    const text = devicesText(report(), out)
    expect(text.split('\n')[0]).toBe('No GPU here. The CPU computes: Test CPU.')
    expect(text.indexOf('✓ cpu')).toBeLessThan(text.indexOf('✗ cuda  cuDNN is missing'))
    expect(text).toContain('→ install cuDNN 9')
  })

  it('tell a GPU that is ready from one that is not', () => {
    const devices = [gpu, record.device]
    expect(devicesVerdict(report({ devices }))).toMatch(/^Tesla T4 cannot be used yet/)
    const executionProviders = [provider({ name: 'cuda', deviceId: 'gpu-0' })]
    expect(devicesVerdict(report({ devices, executionProviders }))).toBe(
      'Tesla T4 is ready, by the cuda provider.',
    )
  })

  it('show no control characters of a driver', () => {
    const devices = [{ ...gpu, name: 'T4\u001b[31m\u202e' }]
    const text = devicesText(report({ devices }), out)
    for (const control of ['\u001b', '\u202e']) expect(text).not.toContain(control)
  })
})

describe('a run', () => {
  it('begins with the verdict', () => {
    const text = reportText(exampleRun(), out)
    expect(text).toMatch(/^int8-gemm inference is 2\.1 × faster than fp32/)
    expect(text).toContain('Why\nint8-qat training step  skipped')
    expect(text).not.toContain('\u001b')
  })

  it('says of a step that ended its figures or the reason', () => {
    const skipped = plannedStep({ outcome: 'skipped', reason: 'no such thing' })
    expect(endedStepText(skipped, 16, out)).toBe('– fp32 inference    skipped: no such thing')
    const [first] = exampleRun().steps
    expect(endedStepText(first!, 14, out)).toMatch(
      /^✓ fp32 inference {2}0\.420 ms \(.*97\.50 % right$/,
    )
  })
})

describe('a comparison', () => {
  const run = (medianMs: number, change = {}) =>
    runRecord({
      steps: [
        plannedStep({
          outcome: 'completed',
          latencySamplesMs: latencySamples(medianMs),
          ...change,
        }),
      ],
    })

  it('names what became worse', () => {
    const text = comparisonText(compareRuns(run(1), run(2)), out)
    expect(text).toMatch(/^The second run is worse: fp32 inference, latency worse/)
  })

  it('names what no longer completes', () => {
    const broken = run(1, { outcome: 'crashed' })
    expect(comparisonVerdict(compareRuns(run(1), broken))).toBe(
      'The second run is worse: fp32 inference ended as “crashed”.',
    )
  })

  it('sets the memory ledgers side by side, what one does not know as unknown', () => {
    const memory = stepMemory({ weightsBytes: 2048, activationsBytes: 1024 }, 512)
    const grown = stepMemory({ weightsBytes: 2048, activationsBytes: 4096 }, 512)
    const text = comparisonText(
      compareRuns(run(1, { memory }), run(1, { memory: { ...grown, arenaSlackBytes: 256 } })),
      out,
    )
    expect(text).toContain('Largest difference: fp32 inference, activations +3 KiB.')
    expect(text).toMatch(/activations +theory +1 KiB +4 KiB +\+3 KiB\n/)
    expect(text).toMatch(/arena slack +reserved − allocated +unknown +256 B +unknown\n/)
  })

  it('says what surrounds the runs differently', () => {
    const other = { ...run(1), host: { ...run(1).host, os: 'Linux 6.2' } }
    expect(comparisonText(compareRuns(run(1), other), out)).toContain(
      '! host.os differs: Linux 6.1 → Linux 6.2',
    )
  })
})

describe('the history', () => {
  const summary = {
    id: '01J00000000000000000000000',
    startedAt: '2026-01-01T12:00:00.000Z',
    outcome: 'completed' as const,
    deviceName: 'Test CPU',
    network: 'digits-mlp',
    provider: 'cpu',
    modes: ['infer'],
    precisions: ['fp32', 'int8'],
    batchSize: 64,
    sequenceLength: null,
    method: null,
    optimizer: null,
    stepCount: 2,
    completedStepCount: 2,
    intact: true,
    otherVersion: false,
  }

  it('says how to begin where there is nothing', () => {
    expect(historyText([], out)).toBe('No runs yet.\nStart one: headroom run')
  })

  it('marks a record that is damaged', () => {
    const text = historyText([summary, { ...summary, id: 'B', intact: false }], out)
    expect(text).toMatch(/^2 runs, the latest of 202\d-/)
    expect(text).toContain('infer fp32,int8 (2/2)')
    expect(text).toContain('damaged, do not trust (completed)')
  })

  it('marks a record that only another version of Headroom reads', () => {
    const text = historyText([{ ...summary, otherVersion: true }], out)
    expect(text).toContain('of another version of Headroom')
  })
})
