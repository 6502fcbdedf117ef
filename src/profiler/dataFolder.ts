import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where the history lies: HEADROOM_DATA, else the folder that the system gives to applications, the
 * same that Electron chooses, so that window and terminal show one history.
 */
export function defaultDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.HEADROOM_DATA) return environment.HEADROOM_DATA
  if (platform === 'win32') {
    return join(environment.APPDATA || join(home, 'AppData', 'Roaming'), 'Headroom')
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Headroom')
  return join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'Headroom')
}

/** The file of the history in a data folder. */
export function historyPath(dataFolder: string): string {
  return join(dataFolder, 'history.sqlite')
}
