import { expect, it } from 'vitest'
import { builtInGpus } from '../../../../core/builtInGpus'
import { defaultFitDraft } from '../fitDraft'
import { fitModels } from '../fitModels'
import { jobOfDraft } from '../jobOfDraft'
import type { SolveAnswer, SolveRequest } from './solveMessages'
import { solveJob } from './solveJob'
import { createSolver, type SolveThread } from './solver'

const t4 = builtInGpus.find(({ id }) => id === 't4')!

function requestOf(model: (typeof fitModels)[number]): SolveRequest {
  const job = jobOfDraft(defaultFitDraft, 'lora', { name: model.id })
  return { job: { ...job, gpu: t4.id }, context: { model: model.resolved, gpus: [t4] } }
}

/** Answers when told, as a thread does when it has computed. */
function threads() {
  const started: (EventTarget & { ended: boolean; answer: (answer: SolveAnswer) => void })[] = []
  const start = (): SolveThread => {
    const thread = Object.assign(new EventTarget(), {
      ended: false,
      postMessage() {},
      terminate() {
        thread.ended = true
      },
      answer: (data: SolveAnswer) => thread.dispatchEvent(new MessageEvent('message', { data })),
    })
    started.push(thread)
    return thread as unknown as SolveThread
  }
  return { started, start }
}

const request = requestOf(fitModels[0]!)
const nobody = { onAnswer() {}, onError() {} }

it('keeps a thread for the next search, and ends one whose answer nobody waits for', () => {
  const { started, start } = threads()
  const { solve } = createSolver(start)
  const answers: SolveAnswer[] = []
  solve(request, { ...nobody, onAnswer: (answer) => answers.push(answer) })
  started[0]!.answer({ estimate: null })
  expect(answers).toEqual([{ estimate: null }])

  const giveUp = solve(request, { ...nobody, onAnswer: (answer) => answers.push(answer) })
  expect(started).toHaveLength(1)
  giveUp()
  expect(started[0]!.ended).toBe(true)
  started[0]!.answer({ estimate: null })
  expect(answers).toHaveLength(1) // too late

  solve(request, nobody)
  expect(started).toHaveLength(2)
})

it('lets a search that has been answered be given up without harm', () => {
  const { started, start } = threads()
  const { solve } = createSolver(start)
  const giveUp = solve(request, nobody)
  started[0]!.answer({ estimate: null })
  giveUp()
  expect(started[0]!.ended).toBe(false)
})

it('passes on what breaks in the thread', () => {
  const { started, start } = threads()
  const errors: string[] = []
  createSolver(start).solve(request, { ...nobody, onError: ({ message }) => errors.push(message) })
  started[0]!.dispatchEvent(Object.assign(new Event('error'), { message: 'broken' }))
  expect(errors).toEqual(['broken'])
  expect(started[0]!.ended).toBe(true)
})

it.each(fitModels.map((model) => [model.name, model] as const))(
  'can send %s to a thread',
  (_name, model) => {
    expect(structuredClone(requestOf(model))).toEqual(requestOf(model))
  },
)

it('answers for what came through as for what was sent, and nothing where a job is refused', () => {
  const sent = structuredClone(request)
  expect(solveJob(sent)).toEqual(solveJob(request))
  expect(solveJob(sent).estimate?.maxBatchSize).toBeGreaterThan(0)
  const refused = { ...request, job: { ...request.job, gpu: 'no-such' } }
  expect(solveJob(refused)).toEqual({ estimate: null })
})
