import { expect, it } from 'vitest'
import { noFastFigures } from './figures'
import { summarizeRecording } from './recordingSummary'

const tick = (tMs: number, figures: Partial<typeof noFastFigures> | null) => ({
  tMs,
  figures: figures && { ...noFastFigures, ...figures },
})

it('tells peak and least memory, means over what was told, and what was held down', () => {
  expect(
    summarizeRecording([
      tick(0, { memoryUsedBytes: 5, powerDrawWatts: 10, clocksEventReasons: 0x4 }),
      tick(100, null),
      tick(200, { memoryUsedBytes: 9, powerDrawWatts: null, clocksEventReasons: 0x40 }),
      tick(300, { memoryUsedBytes: 7, powerDrawWatts: 20, temperatureCelsius: 61 }),
    ]),
  ).toEqual({
    tickCount: 4,
    silentCount: 1,
    durationMs: 300,
    memoryPeakBytes: 9,
    memoryPeakMs: 200,
    memoryLeastBytes: 5,
    utilizationMeanPercent: null,
    powerMeanWatts: 15, // (10 + 20) / 2
    temperaturePeakCelsius: 61,
    throttledCount: 1,
  })
})

it('knows nothing of an empty recording', () => {
  expect(summarizeRecording([])).toMatchObject({
    tickCount: 0,
    durationMs: 0,
    memoryPeakBytes: null,
  })
})
