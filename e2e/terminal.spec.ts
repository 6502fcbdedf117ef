import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import packageJson from '../package.json' with { type: 'json' }
import { runHeadroom } from './terminalHost'

test('says its version and its commands', async () => {
  expect(await runHeadroom(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  const { stdout } = await runHeadroom(['--help'])
  for (const command of ['devices', 'run', 'history', 'report', 'serve'])
    expect(stdout).toContain(command)
})

test('answers what it does not know with one line and exit code 2', async () => {
  const { code, stdout, stderr } = await runHeadroom(['no-such-command'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('no-such-command')
  expect(stderr).not.toMatch(/\n\s+at /) // no stack
})

// A bundler that puts shared code into an entry makes every process that needs it run that entry.
test('no part of the build runs an entry by requiring it', () => {
  const entries = ['index.cjs', 'engine.cjs', 'cli.cjs']
  const files = readdirSync('out/main').filter((name) => name.endsWith('.cjs'))
  expect(files).toEqual(expect.arrayContaining(entries))
  for (const file of files)
    for (const entry of entries)
      expect(readFileSync(`out/main/${file}`, 'utf8'), file).not.toContain(`require("./${entry}")`)
})
