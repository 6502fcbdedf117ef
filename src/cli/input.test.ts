import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { InputError } from '../core/errors'
import { defaultWorkload } from '../core/plan/workload'
import type { RunSummary } from '../protocol/contract'
import { explainError } from './explainError'
import { chooseRun } from './findRun'
import { wantsColours } from './terminal'
import { readWorkload } from './workloadOptions'

describe('the flags of a run', () => {
  it('are the usual workload where none is given', () => {
    expect(readWorkload({})).toEqual(defaultWorkload)
  })

  it('take lists, each value once', () => {
    const workload = readWorkload({ mode: 'train', precision: 'fp32, fp16,fp32', batch: '8' })
    expect(workload).toMatchObject({
      modes: ['train'],
      precisions: ['fp32', 'fp16'],
      batchSize: 8,
    })
  })

  it.each([
    [
      { preset: 'resnet' },
      '--preset: "resnet" is not possible, choose digits-mlp, digits-cnn, gpt-nano, gpt-mini, gpt-small',
    ],
    [{ mode: 'infer,fly' }, '--mode: "fly" is not possible, choose infer, train'],
    [{ precision: '' }, '--precision: "" is not possible, choose fp32, fp16, bf16, int8'],
    [{ batch: '0' }, '--batch: "0" is not possible, give a whole number from 1 to 1024'],
    [{ batch: '1e3' }, '--batch: "1e3" is not possible, give a whole number from 1 to 1024'],
    [
      { learningRate: '0' },
      '--learning-rate: "0" is not possible, give a number above 0, such as 0.001 or 1e-3',
    ],
    [{ seed: '-1' }, '--seed: "-1" is not possible, give a whole number from 0 to 2147483647'],
  ])('%j is refused in one line', (options, line) => {
    expect(() => readWorkload(options)).toThrow(
      expect.objectContaining({ path: line.split(': ')[0], message: line.split(': ')[1] }),
    )
  })
})

describe('which run is meant', () => {
  const run = (id: string) => ({ id }) as RunSummary
  const runs = [run('01AAXX'), run('01ABYY'), run('01ACYY')]

  it.each([
    ['01AAXX', '01AAXX'],
    ['01aaxx', '01AAXX'],
    ['01AB', '01ABYY'],
    ['xx', '01AAXX'],
    ['latest', '01ACYY'],
  ])('%s is %s', (text, id) => expect(chooseRun(runs, text).id).toBe(id))

  it('is asked again where several are', () => {
    expect(() => chooseRun(runs, 'yy')).toThrow('yy means 2 runs')
    expect(() => chooseRun(runs, 'zz')).toThrow('no run zz: see headroom history')
    expect(() => chooseRun([], 'latest')).toThrow('there is none yet')
  })
})

describe('an error', () => {
  it('of the input is one line and exit code 2', () => {
    const error = new InputError({ code: 'INVALID_VALUE', path: 'a.b', message: 'is\n wrong' })
    expect(explainError(error)).toEqual({ code: 2, text: 'a.b: is wrong' })
    const answer = new ORPCError('BUSY', { message: 'the run X goes on', data: { runId: 'X' } })
    expect(explainError(answer)).toEqual({ code: 2, text: 'the run X goes on' })
    const bad = new ORPCError('BAD_INPUT', { message: 'no', data: { path: 'seed', file: null } })
    expect(explainError(bad)).toEqual({ code: 2, text: 'seed: no' })
  })

  it('of our own keeps its stack and is exit code 1', () => {
    const { code, text } = explainError(new TypeError('x is undefined'))
    expect(code).toBe(1)
    expect(text).toMatch(/an error of Headroom itself: TypeError: x is undefined\n\s+at /)
  })
})

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
])('watched: %s, %j: colours %s', (isInteractive, environment, colours) => {
  expect(wantsColours(isInteractive, environment)).toBe(colours)
})
