import { describe, expect, it } from 'vitest'
import { createViewers, followViewer, graceMs } from './viewers'

it('gives control to who comes first, and on to who has been there longest', () => {
  const viewers = createViewers()
  const [first, second, third] = [viewers.join(), viewers.join(), viewers.join()]
  const inControl = () => [first, second, third].map(({ isInControl }) => isInControl)
  expect(inControl()).toEqual([true, false, false])
  third.takeControl()
  expect(inControl()).toEqual([false, false, true])
  third.leave()
  expect(inControl()).toEqual([true, false, false])
  first.leave()
  first.leave() // twice is once
  expect(inControl()).toEqual([false, true, false])
  expect(second.viewerCount).toBe(1)
  second.leave()
  expect(viewers.join().isInControl).toBe(true)
})

it('tells a viewer what changes for him, until he has gone', async () => {
  const viewers = createViewers()
  const first = viewers.join()
  const gone = new AbortController()
  const told = followViewer(first, null, gone.signal)
  expect((await told.next()).value).toEqual({ viewerCount: 1, isInControl: true })
  const second = viewers.join()
  expect((await told.next()).value).toEqual({ viewerCount: 2, isInControl: true })
  second.takeControl()
  expect((await told.next()).value).toEqual({ viewerCount: 2, isInControl: false })
  const end = told.next()
  gone.abort()
  expect((await end).done).toBe(true)
})

it('leaves a window of the desktop in control', async () => {
  const told = followViewer(undefined, null, undefined)
  expect((await told.next()).value).toEqual({ viewerCount: 1, isInControl: true })
})

describe('a viewer who said who he is', () => {
  /** A clock that is told when the time is up. */
  function createHere() {
    const due = new Set<() => void>()
    const viewers = createViewers((ms, action) => {
      expect(ms).toBe(graceMs)
      due.add(action)
      return () => void due.delete(action)
    })
    const timeIsUp = () => {
      for (const action of due) action()
      due.clear()
    }
    return { viewers, due, timeIsUp }
  }

  it('has control again after a reload, though another looks on', () => {
    const { viewers, due } = createHere()
    const [first, second] = [viewers.join(), viewers.join()]
    first.identify('tab-1')
    first.leave()
    expect(second.isInControl).toBe(false) // nobody is, for a moment
    const reloaded = viewers.join()
    expect(reloaded.isInControl).toBe(false)
    reloaded.identify('tab-1')
    expect([reloaded.isInControl, second.isInControl, due.size]).toEqual([true, false, 0])
  })

  it('has it though his connection of before is not yet gone', () => {
    const { viewers } = createHere()
    const [first, second] = [viewers.join(), viewers.join()]
    first.identify('tab-1')
    const reloaded = viewers.join()
    reloaded.identify('tab-1')
    first.leave()
    expect([reloaded.isInControl, second.isInControl]).toEqual([true, false])
  })

  it('loses it when he stays away, or another takes it meanwhile', () => {
    const { viewers, timeIsUp } = createHere()
    const [first, second, third] = [viewers.join(), viewers.join(), viewers.join()]
    first.identify('tab-1')
    first.leave()
    timeIsUp()
    expect([second.isInControl, third.isInControl]).toEqual([true, false])
    second.identify('tab-2')
    second.leave()
    third.takeControl()
    const back = viewers.join()
    back.identify('tab-2')
    timeIsUp()
    expect([third.isInControl, back.isInControl]).toEqual([true, false])
  })

  it('who comes while everybody is away gets it at once', () => {
    const { viewers } = createHere()
    const first = viewers.join()
    const second = viewers.join()
    first.identify('tab-1')
    first.leave()
    second.leave()
    expect(viewers.join().isInControl).toBe(true)
  })
})
