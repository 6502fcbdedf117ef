import { expect, it } from 'vitest'
import { createViewers, followViewer } from './viewers'

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
  const told = followViewer(first, gone.signal)
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
  const told = followViewer(undefined, undefined)
  expect((await told.next()).value).toEqual({ viewerCount: 1, isInControl: true })
})
