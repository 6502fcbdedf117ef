import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random'
import { batchesPerEpoch, paddedBatches, shuffledBatches } from './batches'
import type { LabelledImages } from './labelledImages'

/** Image i has the pixels i and −i, and the label i. */
function numberedImages(count: number): LabelledImages {
  const pixels = Float32Array.from({ length: 2 * count }, (_, at) =>
    at % 2 === 0 ? at / 2 : -(at - 1) / 2,
  )
  return {
    count,
    pixelsPerImage: 2,
    pixels,
    labels: Int32Array.from({ length: count }, (_, i) => i),
  }
}

const sizes = fc.record({
  count: fc.integer({ min: 1, max: 60 }),
  batchSize: fc.integer({ min: 1, max: 20 }),
})

describe('shuffledBatches', () => {
  it('yields full batches of different images, each with its own pixels', () => {
    fc.assert(
      fc.property(sizes, ({ count, batchSize }) => {
        fc.pre(batchSize <= count)
        const batches = [...shuffledBatches(numberedImages(count), batchSize, createRandom(1))]
        expect(batches.length).toBe(batchesPerEpoch(count, batchSize))
        const seen = batches.flatMap((batch) => [...batch.labels])
        expect(seen.length).toBe(batches.length * batchSize)
        expect(new Set(seen).size).toBe(seen.length)
        for (const { labels, pixels } of batches) {
          labels.forEach((label, at) => expect(pixels[2 * at]).toBe(label))
        }
      }),
    )
  })

  it('draws another order for the next epoch', () => {
    const random = createRandom(2)
    const epoch = () =>
      [...shuffledBatches(numberedImages(50), 10, random)].map((b) => [...b.labels])
    expect(epoch()).not.toStrictEqual(epoch())
  })

  it('says so when one batch asks for more images than there are', () => {
    expect(() => [...shuffledBatches(numberedImages(3), 4, createRandom(0))]).toThrow(RangeError)
  })
})

describe('paddedBatches', () => {
  it('counts every image once, in order, in batches of the full size', () => {
    fc.assert(
      fc.property(sizes, ({ count, batchSize }) => {
        const batches = [...paddedBatches(numberedImages(count), batchSize)]
        for (const { images } of batches) expect(images.labels.length).toBe(batchSize)
        const counted = batches.flatMap(({ images, used }) => [...images.labels.subarray(0, used)])
        expect(counted).toStrictEqual(Array.from({ length: count }, (_, i) => i))
      }),
    )
  })
})
