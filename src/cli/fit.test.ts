import { describe, expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recordingTerminal'
import { InputError } from '../core/errors'
import type { FitReport } from '../core/estimate/fitReport'
import { type FitOptions, fit } from './commands/fit'
import { jsonDocuments } from './jsonDocuments'

async function ask(options: FitOptions) {
  const { terminal, texts } = recordingTerminal({ columns: 200 })
  const code = await fit(terminal, options)
  return { code, text: texts.out }
}

async function askJson(options: FitOptions): Promise<FitReport> {
  const document: unknown = JSON.parse((await ask({ ...options, json: true })).text)
  expect(jsonDocuments.fit?.safeParse(document).error?.issues).toBeUndefined()
  return document as FitReport
}

const refusalOf = async (options: FitOptions): Promise<string> => {
  const error: unknown = await ask(options).catch((reason: unknown) => reason)
  if (!(error instanceof InputError)) throw new Error(`not refused by name: ${String(error)}`)
  return error.toLine()
}

const llama = { model: 'llama-3.1-8b' }

describe('headroom fit', () => {
  it('has a cell for each method and GPU, with the headroom’s sign', async () => {
    const { code, text } = await ask({ ...llama, gpu: 't4,h200', method: 'infer-nf4,full' })
    expect(code).toBe(0)
    expect(text).toMatch(/^meta-llama\/Llama-3\.1-8B: 3 of 4 combinations fit\./)
    expect(text).toMatch(/infer-nf4 +\+[\d.]+ ✓ +\+[\d.]+ ✓\n/)
    expect(text).toMatch(/full +−[\d.]+ ✗ +\+[\d.]+ ✓\n/)
    expect(text).toMatch(/full +t4 +.*QLoRA/)
  })

  it('takes the usual methods where none is named, and keeps the document’s contract', async () => {
    const { rows, gpus } = await askJson({ ...llama, gpu: 't4' })
    expect(rows).toHaveLength(8)
    expect(gpus).toMatchObject([{ id: 't4', isLocal: false }])
    const fitting = rows.flatMap(({ cells }) => cells).filter(({ verdict }) => verdict === 'fits')
    expect(fitting.every(({ reliefs }) => reliefs === null)).toBe(true)
  })

  it('exits with 1 where nothing fits, with 3 where the best is too close to call', async () => {
    expect((await ask({ ...llama, gpu: 't4', method: 'full' })).code).toBe(1)
    expect((await ask({ ...llama, gpu: 't4', method: 'lora-int8' })).code).toBe(3)
  })

  it('lays flags over the methods that have the field', async () => {
    const flags = { gpu: 'h200', method: 'infer,lora', checkpointing: 'none', rank: '64' }
    const [infer, lora] = (await askJson({ ...llama, ...flags })).rows
    const [inferUsual, loraUsual] = (await askJson({ ...llama, gpu: 'h200', method: 'infer,lora' }))
      .rows
    expect(infer?.totalPeakBytes).toBe(inferUsual?.totalPeakBytes)
    expect(lora?.totalPeakBytes).toBeGreaterThan(loraUsual?.totalPeakBytes ?? Infinity)
    // Four times the rank of adapters.
    const adapters = (row: typeof lora) => (row?.parameterCount ?? 0) - 8_030_261_248
    expect(adapters(lora)).toBe(4 * adapters(loraUsual))
  })

  it('calls weights what they are stored as', async () => {
    const { rows } = await askJson({ model: 'deepseek-v3', gpu: 'h200', method: 'infer' })
    expect(rows[0]?.label).toBe('inference, fp8 as stored')
  })

  it.each<readonly [FitOptions, RegExp]>([
    [{}, /^--model: is missing/],
    [{ model: 'nope' }, /^--model: "nope" is not in the catalogue/],
    [{ ...llama, gpu: 't4,t9' }, /^--gpu: "t9" is not a known GPU/],
    [{ ...llama, gpu: '' }, /^--gpu: "" is not possible/],
    [
      { ...llama, gpu: 't4', method: 'dora' },
      /^--method: "dora" is not possible, choose infer-nf4/,
    ],
    [{ ...llama, gpu: 't4', batch: '0' }, /^--batch: 0 is not accepted/],
    [{ ...llama, gpu: 't4', batch: '1e9' }, /^--batch: 1000000000 is not accepted/],
    [{ ...llama, gpu: 't4', sequenceLength: 'long' }, /^--sequence-length: "long" is not possible/],
    [{ ...llama, gpu: 't4', method: 'infer', rank: '8' }, /^--rank: has no meaning for infer/],
    [{ ...llama, gpu: 't4', optimizer: 'magic' }, /^--optimizer: "magic" is not accepted: choose/],
  ])('%j is refused in one line', async (options, line) => {
    expect(await refusalOf(options)).toMatch(line)
  })
})
