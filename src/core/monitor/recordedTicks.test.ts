import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteReader, createByteWriter } from './byteStream'
import { noFastFigures, type FastFigures } from './figures'
import { readColumn, writeColumn } from './numberColumn'
import {
  decodeFigure,
  decodeTicks,
  encodeTicks,
  type PackedTicks,
  type RecordedTick,
} from './recordedTicks'

function roundTrip(values: readonly (number | null)[]): (number | null)[] {
  const writer = createByteWriter()
  writeColumn(writer, values)
  return readColumn(createByteReader(writer.bytes()), values.length)
}
const anyNumber = fc.oneof(
  fc.double({ noNaN: true }),
  fc.maxSafeInteger(),
  fc.integer({ min: 0, max: 700_000 }).map((milliwatts) => milliwatts / 1000),
)
const anyFigure = fc.option(anyNumber)

describe('a column', () => {
  it('is read back equal, whatever it holds: gaps, fractions, infinities, −0', () => {
    fc.assert(
      fc.property(fc.array(anyFigure, { maxLength: 200 }), (values) => {
        const read = roundTrip(values)
        expect(read).toHaveLength(values.length)
        values.forEach((value, i) => expect(Object.is(read[i], value)).toBe(true))
      }),
      { numRuns: 500 },
    )
  })

  it('tells −0 from 0, also between whole numbers', () => {
    expect(roundTrip([5, -0, 0, -5, null, -0])).toEqual([5, -0, 0, -5, null, -0])
  })

  it('takes a byte for a figure that hardly moves', () => {
    const writer = createByteWriter()
    // 11.2 W, then between 11.15 and 11.25: 30 000 whole milliwatts at most 50 apart
    writeColumn(
      writer,
      Array.from({ length: 1000 }, (_, i) => (11_200 + ((i * 7) % 50)) / 1000),
    )
    expect(writer.bytes().length).toBeLessThan(1010)
  })

  it('takes a byte in all where nothing is known', () => {
    const writer = createByteWriter()
    writeColumn(
      writer,
      Array.from({ length: 1000 }, () => null),
    )
    expect(writer.bytes()).toEqual(new Uint8Array([0]))
  })
})

/** As a file would give them back. */
function packed(ticks: readonly RecordedTick[]): PackedTicks {
  const columns = encodeTicks(ticks)
  return {
    count: ticks.length,
    columnCount: columns.length,
    column: (place) => columns[place]!,
  }
}

/** Any error but ours is a bug. */
function outcome(read: () => unknown): string {
  try {
    read()
    return 'read'
  } catch (error) {
    return error instanceof RangeError ? 'refused' : String(error)
  }
}

const figuresOf = fc.tuple(...Object.keys(noFastFigures).map(() => anyFigure)).map((values) => {
  const names = Object.keys(noFastFigures)
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as FastFigures
})
const ticksOf = fc.array(
  fc.record({ tMs: fc.double({ noNaN: true, min: 0, max: 4e12 }), figures: fc.option(figuresOf) }),
  { maxLength: 40 },
)

describe('recorded ticks', () => {
  it('are read back equal, with the moments at which nobody answered', () => {
    fc.assert(
      fc.property(ticksOf, (ticks) => {
        expect(decodeTicks(packed(ticks))).toEqual(ticks)
      }),
    )
  })

  it('give one figure without the others', () => {
    const ticks: RecordedTick[] = [
      { tMs: 1, figures: { ...noFastFigures, powerDrawWatts: 11.2 } },
      { tMs: 2, figures: null },
    ]
    expect(decodeFigure(packed(ticks), 'powerDrawWatts')).toEqual({
      times: [1, 2],
      values: [11.2, null],
    })
  })

  it('refuse what is cut short or damaged instead of inventing figures', () => {
    const ticks: RecordedTick[] = Array.from({ length: 50 }, (_, i) => ({
      tMs: i * 100,
      figures: { ...noFastFigures, memoryUsedBytes: i * 2 ** 21 },
    }))
    const whole = packed(ticks)
    for (let place = 0; place < whole.columnCount; place += 1) {
      const bytes = whole.column(place)
      for (let length = 0; length < bytes.length; length += 1) {
        const column = (at: number) => (at === place ? bytes.subarray(0, length) : whole.column(at))
        expect(() => decodeTicks({ ...whole, column })).toThrow(RangeError)
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (damaged) => {
        expect(['read', 'refused']).toContain(
          outcome(() => decodeTicks({ ...whole, column: () => damaged })),
        )
      }),
    )
  })
})
