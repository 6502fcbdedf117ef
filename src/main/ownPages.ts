/** Tells this application's pages from all others by the origin of `pageUrl`. */
export function createOwnPageTest(pageUrl: string): (url: string) => boolean {
  const own = new URL(pageUrl)
  return (url) => {
    if (!URL.canParse(url)) return false
    // Not `origin`: Node calls that of every app:// URL 'null'.
    const { protocol, host, username, password } = new URL(url)
    return protocol === own.protocol && host === own.host && username === '' && password === ''
  }
}
