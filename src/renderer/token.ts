const storageKey = 'headroom.token'

/**
 * The token that the address carries in its fragment (`#token=…`), kept for this tab so that it
 * survives a reload, and taken out of the address, where the router writes its paths.
 * @returns an empty string where nobody gave one
 */
export function takeToken({
  location,
  history,
  sessionStorage,
}: Pick<Window, 'location' | 'history' | 'sessionStorage'>): string {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (token === null) return sessionStorage.getItem(storageKey) ?? ''
  sessionStorage.setItem(storageKey, token)
  history.replaceState(null, '', location.pathname)
  return token
}
