import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether the stand-in for NVML can be compiled here: it needs gcc on Linux. */
export const canCompile =
  process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0

/** A machine of its own, as test/cuda-stub plays it: with a driver, and nothing else of NVIDIA. */
export interface StubNvml {
  readonly library: string
  /** Write `nvmlDeviceGetPowerUsage=3` into it, and the call fails from then on; remove it, and it works. */
  readonly faults: string
  /** Of a process that is to see this machine. */
  readonly environment: Readonly<Record<string, string>>
  /** Process `pid`, which must live, holds so much of GPU 0. */
  hold(pid: number, bytes: number): void
  /** Nobody holds anything, and nothing fails. */
  reset(): void
  remove(): void
}

export function compileStubNvml(): StubNvml {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-nvml-'))
  const library = join(folder, 'libnvidia-ml.so.1')
  const faults = join(folder, 'faults')
  const shared = join(folder, 'shared')
  execFileSync('gcc', ['-shared', '-fPIC', '-w', '-o', library, 'test/cuda-stub/nvml_stub.c'])
  mkdirSync(shared)
  return {
    library,
    faults,
    environment: {
      LD_LIBRARY_PATH: folder,
      NVML_STUB_FAULT_FILE: faults,
      CUDA_STUB_SHARED: shared,
    },
    hold(pid, bytes) {
      const page = Buffer.alloc(8)
      page.writeBigUInt64LE(BigInt(bytes))
      writeFileSync(join(shared, `cuda-stub-${pid}`), page)
    },
    reset() {
      rmSync(faults, { force: true })
      rmSync(shared, { recursive: true })
      mkdirSync(shared)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
