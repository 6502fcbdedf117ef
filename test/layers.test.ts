import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const oxlint = resolve('node_modules/oxlint/bin/oxlint')
const config = resolve('.oxlintrc.json')
const planted = mkdtempSync(join(tmpdir(), 'headroom-layers-'))
afterAll(() => rmSync(planted, { recursive: true }))

/** What the linter says of a project that consists of this one file. */
function lint(file: string, source: string): string {
  const project = mkdtempSync(join(planted, 'project-'))
  mkdirSync(dirname(join(project, file)), { recursive: true })
  writeFileSync(join(project, file), source)
  const { stdout } = spawnSync(process.execPath, [oxlint, '--config', config], {
    cwd: project,
    encoding: 'utf8',
  })
  return stdout
}

describe('a planted violation fails', () => {
  it.each([
    ['src/core/planted.ts', '../profiler/history', 'core must not import profiler'],
    ['src/core/onnx/planted.ts', '../../protocol/contract', 'core must not import protocol'],
    ['src/protocol/planted.ts', '../engine/onnx', 'protocol must not import engine'],
    ['src/engine/planted.ts', '../profiler/profiler', 'engine must not import profiler'],
    ['src/monitor/planted.ts', '../engine/onnx', 'monitor must not import engine'],
    ['src/profiler/planted.ts', '../main/launchEngine', 'profiler must not import main'],
    ['src/server/planted.ts', '../main/appProtocol', 'server must not import main'],
    ['src/renderer/planted.tsx', '../profiler/profiler', 'renderer must not import profiler'],
    ['src/core/planted.ts', 'node:fs', 'core runs without Node'],
    ['src/renderer/pages/planted.tsx', 'node:path', 'renderer runs without Node'],
    ['src/server/planted.ts', 'electron', 'electron is imported only in'],
    ['src/engine/planted.ts', 'onnxruntime-node', 'onnxruntime-node is imported only in'],
    ['src/profiler/planted.ts', 'koffi', 'koffi is imported only in'],
    ['src/cli/planted.ts', 'node:sqlite', 'node:sqlite is imported only in'],
    ['src/engine/planted.ts', 'node:child_process', 'node:child_process is imported only in'],
    ['src/renderer/pages/planted.tsx', 'echarts/core', 'echarts is imported only in'],
  ])('%s importing %s', (file, specifier, message) => {
    expect(lint(file, `export * from '${specifier}'\n`)).toContain(message)
  })

  it.each([
    ['import', "import { history } from '../profiler/history'\nhistory()\n"],
    [
      'type import',
      "import type { History } from '../profiler/history'\nexport type H = History\n",
    ],
    ['re-export', "export { history } from '../profiler/history'\n"],
    ['dynamic import', "export const history = () => import('../profiler/history')\n"],
    ['import type expression', "export type H = import('../profiler/history').History\n"],
  ])('written as %s', (_kind, source) => {
    expect(lint('src/core/planted.ts', source)).toContain('core must not import profiler')
  })
})

describe('what the layers allow passes', () => {
  it.each([
    ['src/profiler/right.ts', '../protocol/contract'],
    ['src/cli/commands/right.ts', '../../server/startServer'],
    ['src/cli/right.ts', '../../package.json'],
    ['src/renderer/charts/right.ts', 'echarts/core'],
    ['src/renderer/monitor/right.tsx', '../charts/memoryChart'],
    ['src/engine/onnx.ts', 'onnxruntime-node'],
    ['src/core/right.test.ts', 'onnxruntime-node'],
  ])('%s importing %s', (file, specifier) => {
    expect(lint(file, `export * from '${specifier}'\n`)).toContain('0 errors')
  })
})
