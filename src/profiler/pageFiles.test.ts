import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { readPageFile } from './pageFiles'

const around = mkdtempSync(join(tmpdir(), 'headroom-pages-'))
const folder = join(around, 'renderer')
mkdirSync(join(folder, 'assets'), { recursive: true })
writeFileSync(join(folder, 'index.html'), '<meta name="csp-nonce" nonce="%NONCE%"><p>page</p>')
writeFileSync(join(folder, 'assets/index-D3aF.js'), 'script()')
writeFileSync(join(folder, 'assets/index-D3aF.map'), '{}')
writeFileSync(join(around, 'secret.js'), 'SECRET')
mkdirSync(join(around, 'renderer-other'))
writeFileSync(join(around, 'renderer-other/secret.js'), 'SECRET')
symlinkSync(join(around, 'secret.js'), join(folder, 'link.js'))
afterAll(() => rmSync(around, { recursive: true }))

const text = async (pathname: string) => {
  const file = await readPageFile(folder, pathname)
  return file && new TextDecoder().decode(file.body)
}

it('gives the page a nonce of its own at every load, in its policy and in its text', async () => {
  const pages = await Promise.all([readPageFile(folder, '/'), readPageFile(folder, '/')])
  const nonces = pages.map((page) => {
    const policy = page?.headers['content-security-policy'] ?? ''
    const [, nonce = ''] = /style-src 'nonce-([\w+/=]+)' 'self' /.exec(policy) ?? []
    expect(new TextDecoder().decode(page?.body)).toBe(
      `<meta name="csp-nonce" nonce="${nonce}"><p>page</p>`,
    )
    expect(policy).not.toContain('unsafe')
    return nonce
  })
  expect(nonces[0]).toHaveLength(24) // 16 bytes in base64
  expect(nonces[0]).not.toBe(nonces[1])
})

it('serves scripts with their type, forbids guessing it, and gives them a policy too', async () => {
  const file = await readPageFile(folder, '/assets/index-D3aF.js')
  expect(file?.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'content-security-policy': expect.stringContaining("default-src 'none'") as string,
  })
})

it.each([
  '/missing.js',
  '/assets',
  '/assets/',
  '/assets/index-D3aF.map', // not a type that a page needs
  '/index.html/more.js',
  '/link.js', // a symbolic link to the outside
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/..%2fsecret.js',
  '/assets/..%2f..%2fsecret.js',
  '/..%5csecret.js',
  '/%252e%252e/secret.js',
  '/../renderer-other/secret.js', // begins like the folder's name
  '//secret.js',
  '/C:/secret.js',
  '/index.html%00.js',
  '/%ff.js',
  '/%',
])('serves nothing for %s', async (pathname) => {
  expect(await text(pathname)).toBeNull()
})

it('serves nothing from outside its folder whatever the path', async () => {
  const pieces = ['..', '.', '/', '\\', '%2e', '%2f', '%5c', '%00', '~', 'assets', 'secret.js', ':']
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), async (parts) => {
      expect(await text(`/${parts.join('')}`)).not.toBe('SECRET')
    }),
    { numRuns: 1000, seed: 18 },
  )
})
