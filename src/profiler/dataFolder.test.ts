import { join } from 'node:path'
import { expect, it } from 'vitest'
import { defaultDataFolder } from './dataFolder'

it.each([
  ['linux', {}, ['home', '.config', 'Headroom']],
  ['linux', { XDG_CONFIG_HOME: 'settings' }, ['settings', 'Headroom']],
  ['darwin', {}, ['home', 'Library', 'Application Support', 'Headroom']],
  ['win32', { APPDATA: 'roaming' }, ['roaming', 'Headroom']],
  ['win32', {}, ['home', 'AppData', 'Roaming', 'Headroom']],
  ['linux', { HEADROOM_DATA: 'elsewhere', XDG_CONFIG_HOME: 'settings' }, ['elsewhere']],
] as const)('on %s with %j is %j', (platform, environment, folder) => {
  expect(defaultDataFolder(environment, platform, 'home')).toBe(join(...folder))
})
