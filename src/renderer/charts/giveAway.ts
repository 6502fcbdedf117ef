/** How it left the page. */
export type GivenAs = 'copied' | 'saved'

/**
 * Puts `content` on the clipboard, as text or as a PNG picture; where the browser refuses (a page
 * that was not loaded over a secure connection has no clipboard), saves it as a file instead.
 */
export async function copyOrSave(content: string | Blob, fileName: string): Promise<GivenAs> {
  try {
    if (typeof content === 'string') await navigator.clipboard.writeText(content)
    else await navigator.clipboard.write([new ClipboardItem({ [content.type]: content })])
    return 'copied'
  } catch {
    saveFile(typeof content === 'string' ? new Blob([content]) : content, fileName)
    return 'saved'
  }
}

/** Downloads `content` as `fileName`. */
export function saveFile(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000) // the download reads it a moment later
}
