import { expect, it } from 'vitest'
import { viewerId } from './viewerId'

function createWindow() {
  const items = new Map<string, string>()
  const sessionStorage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  } as Storage
  return { sessionStorage, crypto: globalThis.crypto as Crypto }
}

it('a tab stays who it is, and no two are the same', () => {
  const tab = createWindow()
  const id = viewerId(tab)
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(viewerId(tab)).toBe(id)
  expect(viewerId(createWindow())).not.toBe(id)
})
