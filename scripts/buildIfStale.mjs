// @ts-check
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runScript } from './commands.mjs'

const root = join(import.meta.dirname, '..')
const inputs = ['src', 'resources', 'electron.vite.config.ts', 'package.json']
const outputs = ['out/main/index.cjs', 'out/main/cli.cjs', 'out/renderer/index.html']

/**
 * Builds the application where there is no build, or one older than its sources.
 * @returns {string | null} why there is no build to start, or null
 */
export function buildIfStale() {
  const built = outputs.map((name) => join(root, name))
  const isFresh =
    built.every((file) => existsSync(file)) &&
    newest(inputs) <= Math.min(...built.map((file) => statSync(file).mtimeMs))
  if (isFresh) return null
  console.log('Building Headroom (a few seconds, the first time and after a change) …')
  return runScript('build', ['--logLevel', 'warn'])
}

/** Time of the last change below these paths. @param {readonly string[]} paths */
function newest(paths) {
  const files = paths
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .flatMap((path) =>
      statSync(path).isDirectory()
        ? readdirSync(path, { recursive: true }).map((name) => join(path, String(name)))
        : [path],
    )
  return Math.max(...files.map((file) => statSync(file).mtimeMs))
}
