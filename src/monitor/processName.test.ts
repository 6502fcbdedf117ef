import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readProcessName } from './processName'

const proc = mkdtempSync(join(tmpdir(), 'headroom-proc-'))
afterAll(() => rmSync(proc, { recursive: true }))

function processOf(pid: number, files: { exe?: string; cmdline?: string; comm?: string }): number {
  mkdirSync(join(proc, String(pid)))
  const { exe, ...texts } = files
  if (exe) symlinkSync(exe, join(proc, String(pid), 'exe'))
  for (const [name, text] of Object.entries(texts))
    writeFileSync(join(proc, String(pid), name), text)
  return pid
}

describe.runIf(process.platform === 'linux')('the name of a process', () => {
  it('is its program’s file', () => {
    expect(readProcessName(process.pid)).toBe(basename(process.execPath))
    const replaced = processOf(1, { exe: '/opt/ollama/ollama (deleted)', cmdline: 'x\0' })
    expect(readProcessName(replaced, proc)).toBe('ollama')
  })

  it('is the command line’s first word where another user runs it, never an argument', () => {
    const python = processOf(2, { cmdline: '/usr/bin/python3\0train.py\0--token=secret\0' })
    expect(readProcessName(python, proc)).toBe('python3')
    const chromium = processOf(3, { cmdline: '/opt/My App/app --type=utility --key=secret' })
    expect(readProcessName(chromium, proc)).toBe('app')
  })

  it('is what the kernel calls it where there is no command line, else unknown', () => {
    expect(readProcessName(processOf(4, { cmdline: '', comm: 'nvidia-persist\n' }), proc)).toBe(
      'nvidia-persist',
    )
    expect(readProcessName(5, proc)).toBeNull()
  })
})
