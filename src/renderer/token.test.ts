import { describe, expect, it } from 'vitest'
import { takeToken } from './token'

function createWindow(hash: string, stored: Record<string, string> = {}) {
  const replaced: unknown[] = []
  const items = new Map(Object.entries(stored))
  return {
    replaced,
    items,
    window: {
      location: { hash, pathname: '/' } as Location,
      history: { replaceState: (...args: unknown[]) => void replaced.push(args[2]) } as History,
      sessionStorage: {
        getItem: (key: string) => items.get(key) ?? null,
        setItem: (key: string, value: string) => void items.set(key, value),
      } as Storage,
    },
  }
}

describe('takeToken', () => {
  it('takes the token out of the address and keeps it for this tab', () => {
    const { window, replaced, items } = createWindow('#token=abc-123')
    expect(takeToken(window)).toBe('abc-123')
    expect(replaced).toEqual(['/'])
    expect([...items.values()]).toEqual(['abc-123'])
  })

  it('finds it again after a reload, and leaves the page that is shown alone', () => {
    const { window, replaced } = createWindow('#/plan', { 'headroom.token': 'abc-123' })
    expect(takeToken(window)).toBe('abc-123')
    expect(replaced).toEqual([])
  })

  it('is empty where nobody gave one', () => {
    expect(takeToken(createWindow('').window)).toBe('')
  })
})
