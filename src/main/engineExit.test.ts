import { expect, it } from 'vitest'
import { readExitCode } from './engineExit'

it.each([
  [6, 'SIGABRT'],
  [128 + 6, 'SIGABRT'], // with a core dump
  [9, 'SIGKILL'],
  [128 + 11, 'SIGSEGV'],
  [7, 'SIGBUS'],
])('reads %i on Linux as %s', (code, signal) => {
  expect(readExitCode(code, 'linux')).toEqual({ code: null, signal })
})

it.each([0, 1, 64, 70, 120])('keeps the exit code %i', (code) => {
  expect(readExitCode(code, 'linux')).toEqual({ code, signal: null })
})

it('knows that macOS numbers SIGBUS 10, and that Windows has no signals', () => {
  expect(readExitCode(10, 'darwin')).toEqual({ code: null, signal: 'SIGBUS' })
  expect(readExitCode(7, 'darwin')).toEqual({ code: 7, signal: null })
  expect(readExitCode(6, 'win32')).toEqual({ code: 6, signal: null })
  expect(readExitCode(0xc0000005, 'win32')).toEqual({ code: 0xc0000005, signal: null })
})
