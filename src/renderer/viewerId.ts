const storageKey = 'headroom.viewer'

/** Who this tab is to the web host: the same after a reload, another in another tab. */
export function viewerId({
  sessionStorage,
  crypto,
}: Pick<Window, 'sessionStorage' | 'crypto'>): string {
  const known = sessionStorage.getItem(storageKey)
  if (known !== null) return known
  // randomUUID() is only there over a secure connection.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  sessionStorage.setItem(storageKey, id)
  return id
}
