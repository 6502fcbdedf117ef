import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../errors'
import { parseJob } from './job'

const config = { model_type: 'llama' }
const trainJob = { task: 'train', model: { config } }

function refusal(job: unknown): InputError {
  try {
    parseJob(job)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
  throw new Error('the job was accepted')
}

describe('parseJob', () => {
  it('fills in what a Job leaves out', () => {
    expect(parseJob(trainJob)).toMatchObject({
      runtime: 'pytorch',
      precision: 'bf16',
      method: { type: 'full' },
      optimizer: 'adamw-fused',
      batchSize: 1,
      checkpointing: 'none',
      solve: false,
    })
  })

  it('keeps adapters in fp32 unless told otherwise, as PEFT does', () => {
    const job = parseJob({ ...trainJob, method: { type: 'lora', rank: 16 } })
    expect(job).toMatchObject({ method: { adapterPrecision: 'fp32', targets: 'all-linear' } })
  })

  it('refuses a field that is not modelled, by its name', () => {
    const error = refusal({ ...trainJob, warmupSteps: 3 })
    expect([error.code, error.path]).toEqual(['UNKNOWN_FIELD', 'warmupSteps'])
    expect(refusal({ ...trainJob, model: { config, url: 'x' } }).path).toBe('model.url')
  })

  it('refuses __proto__ like any other unknown field', () => {
    const job: unknown = JSON.parse(
      '{"task":"train","model":{"name":"gpt2"},"__proto__":{"solve":true}}',
    )
    expect(refusal(job).path).toBe('__proto__')
  })

  it.each([
    ['batchSize', 0],
    ['batchSize', -1],
    ['batchSize', 1.5],
    ['batchSize', 1e308],
    ['batchSize', Number.NaN],
    ['batchSize', Number.POSITIVE_INFINITY],
    ['batchSize', '4'],
    ['sequenceLength', 1e12],
    ['gpuCount', 0],
    ['precision', 'fp8'],
    ['optimizer', 'rmsprop'],
    ['solve', 'yes'],
  ])('refuses %s = %s and names the field', (field, value) => {
    const error = refusal({ ...trainJob, [field]: value })
    expect([error.code, error.path]).toEqual(['INVALID_VALUE', field])
    expect(error.toLine()).not.toContain('\n')
  })

  it('names what is missing', () => {
    expect(refusal({ task: 'train' }).path).toBe('model')
    expect(refusal({ ...trainJob, method: { rank: 4 } }).path).toBe('method.type')
    expect(refusal({ model: { config } }).path).toBe('task')
  })

  it('takes exactly one model', () => {
    expect(refusal({ ...trainJob, model: {} }).path).toBe('model')
    expect(refusal({ ...trainJob, model: { config, name: 'gpt2' } }).path).toBe('model')
  })

  it('refuses to train a quantized base in full and names qlora', () => {
    const error = refusal({ ...trainJob, quantization: { scheme: 'nf4' } })
    expect(error.path).toBe('method')
    expect(error.message).toContain('qlora')
  })

  it('throws nothing but InputError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (value) => {
        expect(() => parseJob(value)).toThrow(InputError)
      }),
    )
  })
})
