// What `headroom --version` takes over the bare start of Node.js.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { medianInterval } from '../src/core/statistics/medianInterval'
import { median, sortedCopy } from '../src/core/statistics/quantile'
import type { Figure } from './figure'

const pairs = 21
const execute = promisify(execFile)

async function timed(args: readonly string[]): Promise<number> {
  const start = performance.now()
  await execute(process.execPath, [...args])
  return performance.now() - start
}

export async function benchCommandLine(): Promise<Figure[]> {
  const version = ['bin/headroom.cjs', '--version']
  const bare = ['-e', '0']
  // The first start fills Node's compile cache.
  await timed(version)
  const differences: number[] = []
  const bareMs: number[] = []
  for (let pair = 0; pair < pairs; pair += 1) {
    const bareTime = await timed(bare)
    bareMs.push(bareTime)
    differences.push((await timed(version)) - bareTime)
  }
  return [
    {
      name: 'headroom --version over node -e 0',
      value: median(differences),
      interval: medianInterval(sortedCopy(differences)),
      unit: 'ms',
      goal: 60,
      how: `Node.js ${process.version}, bare ${median(bareMs).toFixed(0)} ms; median difference of ${pairs} pairs`,
    },
  ]
}
