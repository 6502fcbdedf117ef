// What a person chose on this machine, in the browser's own storage. It may be full or forbidden:
// then the choice lasts as long as the page.

/** The stored value, or null where there is none. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`headroom.${name}`)
  } catch {
    return null
  }
}

export function writePreference(name: string, value: string): void {
  try {
    localStorage.setItem(`headroom.${name}`, value)
  } catch (error) {
    console.warn(`${name} is not remembered:`, error)
  }
}
