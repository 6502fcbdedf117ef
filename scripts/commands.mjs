// @ts-check
import { spawnSync } from 'node:child_process'

/**
 * Runs a command in the foreground, its output shown, without standard input.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {string | null} why it failed, or null
 */
export function run(command, args, options = {}) {
  const { error, status, signal } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  })
  if (error) return `${command} could not be started: ${error.message}`
  if (signal) return `${command} was ended by ${signal}`
  return status === 0 ? null : `${command} ended with exit code ${status}`
}

/**
 * As `run`, for steps that make no sense one without the other.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function runOrThrow(command, args, options) {
  const failure = run(command, args, options)
  if (failure) throw new Error(failure)
}

/**
 * Asks a yes-or-no question of a command.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 */
export function succeeds(command, args, env = {}) {
  return spawnSync(command, args, { stdio: 'ignore', env: { ...process.env, ...env } }).status === 0
}

/**
 * Runs a script of package.json with the npm that runs this one (on Windows `npm` is no executable).
 * @param {string} script
 * @param {readonly string[]} [args]
 * @param {NodeJS.ProcessEnv} [env] added to the environment
 */
export function runScript(script, args = [], env = {}) {
  const npm = process.env.npm_execpath
  const command = npm ? [process.execPath, npm] : ['npm']
  const [name, ...rest] = [...command, 'run', '--silent', script]
  const separated = args.length === 0 ? [] : ['--', ...args]
  return run(name, [...rest, ...separated], { env: { ...process.env, ...env } })
}
