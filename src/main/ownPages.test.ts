import { expect, it } from 'vitest'
import { createOwnPageTest } from './ownPages'

const isOwnPage = createOwnPageTest('app://headroom/')

it.each(['app://headroom/', 'app://headroom/index.html', 'app://headroom/#/history'])(
  'knows %s as its own',
  (url) => expect(isOwnPage(url)).toBe(true),
)

it.each([
  '',
  'about:blank',
  'about:srcdoc',
  'app://headroom.attacker.example/',
  'app://attacker/headroom/',
  'app://user@headroom/',
  'app://headroom:8080/',
  'http://headroom/',
  'file:///app://headroom/',
  'data:text/html,app://headroom/',
  'javascript:alert(1)',
  'blob:app://headroom/5a8f',
])('knows %s as foreign', (url) => expect(isOwnPage(url)).toBe(false))
