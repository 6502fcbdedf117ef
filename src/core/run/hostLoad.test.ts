import { expect, it } from 'vitest'
import { crowdedNotes, isCrowded } from './hostLoad'

const load = (engineProcessors: number, otherProcessors: number, logicalProcessors: number) => ({
  engineProcessors,
  otherProcessors,
  logicalProcessors,
})

it('is crowded where others took a processor and none was left: 1.1 + 0.9 of 2', () => {
  expect(isCrowded(load(1.1, 0.9, 2))).toBe(true)
  expect(crowdedNotes(load(1.1, 0.9, 2))).toEqual([
    'other programs kept 0.9 of 2 processors busy meanwhile and none was free: nothing is called faster or slower by these times',
  ])
})

it('is not crowded where others took little: 1.9 + 0.1 of 2', () => {
  expect(isCrowded(load(1.9, 0.1, 2))).toBe(false)
  expect(crowdedNotes(load(1.9, 0.1, 2))).toEqual([])
})

it('is not crowded where processors were left: 8 + 5 of 16', () => {
  expect(isCrowded(load(8, 5, 16))).toBe(false)
})

it('is crowded where others filled what the engine could not have: 8 + 7.5 of 16', () => {
  expect(isCrowded(load(8, 7.5, 16))).toBe(true)
})

it('is not said of a step of which nobody knows', () => {
  expect(isCrowded(undefined)).toBe(false)
  expect(crowdedNotes(undefined)).toEqual([])
})
