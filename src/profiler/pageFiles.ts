import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { reportSources } from '../core/report/html'

// The renderer's build as both hosts that show pages serve it: app:// on the desktop, HTTP on the web.

/** One answer of a page host, ready to be sent. */
export interface PageFile {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

/**
 * Nothing from elsewhere, and nothing inline but a report's own check and style: its preview is a frame
 * without an address, which obeys this policy too. The UI kit's style elements carry a nonce of their page.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' ${reportSources.script}`,
  `style-src 'self' ${reportSources.style}`,
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const commonHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** What a build holds; nothing else is ever served. */
const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Where the page writes its nonce: `<meta name="csp-nonce" nonce="%NONCE%" />` in index.html. */
const noncePlaceholder = '%NONCE%'

/**
 * The file of `folder` that a URL's path names, or null where there is none.
 * @param pathname as in the URL: percent-encoded, beginning with a slash
 */
export async function readPageFile(folder: string, pathname: string): Promise<PageFile | null> {
  const segments = decodeSegments(pathname === '/' ? '/index.html' : pathname)
  const contentType = segments && contentTypes[extname(segments.at(-1) ?? '')]
  if (!contentType) return null
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, ...segments))
    if (!isInside(root, file)) return null
    const content = await readFile(file)
    return contentType.startsWith('text/html')
      ? page(content.toString())
      : asset(content, contentType)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** The names between the slashes, or null where one of them could mean anything but a file of that name. */
function decodeSegments(pathname: string): readonly string[] | null {
  try {
    const segments = pathname.slice(1).split('/').map(decodeURIComponent)
    return segments.every((name) => /^[\w-][\w.-]*$/.test(name)) ? segments : null
  } catch {
    return null // not percent-encoded UTF-8
  }
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file)
  return path !== '' && path.split(sep)[0] !== '..'
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}

function page(html: string): PageFile {
  const nonce = randomBytes(16).toString('base64')
  const policy = contentSecurityPolicy.replace('style-src', `style-src 'nonce-${nonce}'`)
  return {
    headers: {
      ...commonHeaders,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store', // a nonce is for one load
    },
    body: new TextEncoder().encode(html.replaceAll(noncePlaceholder, nonce)),
  }
}

function asset(content: Buffer, contentType: string): PageFile {
  return {
    headers: {
      ...commonHeaders,
      'content-type': contentType,
      'content-security-policy': contentSecurityPolicy,
      'cache-control': 'no-cache',
    },
    body: new Uint8Array(content),
  }
}
