import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the stand-ins for NVML can be compiled here: they need gcc on Linux. */
export const canCompile =
  process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0

export interface StubNvml {
  readonly folder: string
  readonly library: string
  /** Write `nvmlDeviceGetPowerUsage=3` into it, and the call fails from then on; remove it, and it works. */
  readonly faults: string
  remove(): void
}

/** Compiles a stand-in where a program finds it by LD_LIBRARY_PATH. */
export function compileStubNvml(source = 'test/monitor/nvml_machine.c'): StubNvml {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-nvml-'))
  const library = join(folder, 'libnvidia-ml.so.1')
  execFileSync('gcc', ['-shared', '-fPIC', '-w', '-o', library, source])
  return {
    folder,
    library,
    faults: join(folder, 'faults'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
