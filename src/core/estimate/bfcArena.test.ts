import { expect, it } from 'vitest'
import { createArena } from './bfcArena'

const mebibyte = 2 ** 20

it('deals out multiples of 256 bytes', () => {
  const arena = createArena()
  arena.allocate(1)
  arena.allocate(257)
  expect(arena.inUseBytes).toBe(256 + 512)
})

it('hands out a free chunk whole where less than as much again would remain', () => {
  const arena = createArena()
  const chunk = arena.allocate(1024)
  arena.allocate(256)
  arena.free(chunk)
  // 1024 is not 2 · 768: the 256 bytes beside it are in use with it.
  expect(arena.allocate(768).bytes).toBe(1024)
  expect(arena.inUseBytes).toBe(1024 + 256)
})

it('takes the smallest free chunk that fits', () => {
  const arena = createArena()
  const [large, , small] = [2048, 256, 1024, 256].map((bytes) => arena.allocate(bytes))
  arena.free(large!)
  arena.free(small!)
  expect(arena.allocate(1024).address).toBe(small!.address)
})

it('joins neighbours that fell free, in whatever order', () => {
  const arena = createArena()
  const [first, second, third] = [256, 256, 256].map((bytes) => arena.allocate(bytes))
  const rest = arena.allocate(mebibyte - 3 * 256)
  arena.free(third!)
  arena.free(first!)
  arena.free(second!)
  expect(arena.allocate(768)).toEqual({ address: 0, bytes: 768 })
  expect(arena.inUseBytes).toBe(768 + rest.bytes)
})

it('does not join regions, which lie apart', () => {
  const arena = createArena()
  const [first, second] = [mebibyte, mebibyte].map((bytes) => arena.allocate(bytes))
  arena.free(first!)
  arena.free(second!)
  // The second region is of 2 MiB; neither holds 2.5.
  expect(arena.allocate(2.5 * mebibyte).address).toBe(3 * mebibyte)
})
