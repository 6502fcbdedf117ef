import type { Clock } from '../../src/profiler/clock'
import { launchWithNode } from '../../src/profiler/engineProcess'
import type { LargestSurroundings } from '../../src/profiler/weighStep'
import { runRecord } from '../runRecords'

/** What a search on a CPU needs, over engines of testEngine.ts that end as `ending` tells. */
export function searchSurroundings(
  entry: string,
  ending: 'wait' | 'grow',
  clock: Clock,
): LargestSurroundings {
  const { device, host } = runRecord()
  return {
    report: {
      schema: 'headroom/devices/1',
      host,
      devices: [device],
      executionProviders: [
        {
          name: 'cpu',
          usable: true,
          reason: null,
          fix: null,
          details: null,
          deviceId: 'cpu',
          command: null,
          context: null,
        },
      ],
    },
    resourcesFolder: 'nowhere',
    clock,
    signal: new AbortController().signal,
    launch: () => launchWithNode(entry, { ...process.env, TEST_ENGINE: ending } as never),
  }
}
