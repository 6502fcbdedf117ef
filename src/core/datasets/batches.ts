import type { Random } from '../random'
import { selectImages, type LabelledImages } from './labelledImages'

/**
 * One epoch in batches of exactly `batchSize`, in an order drawn anew. Graphs have a fixed batch size,
 * so the images that do not fill a last batch are left out of this epoch; the next draws others.
 * @throws RangeError where there are fewer images than one batch holds
 */
export function* shuffledBatches(
  images: LabelledImages,
  batchSize: number,
  random: Random,
): Generator<LabelledImages> {
  if (batchSize > images.count) {
    throw new RangeError(`a batch of ${batchSize} needs more than the ${images.count} images here`)
  }
  const order = random.permutation(images.count)
  for (let start = 0; start + batchSize <= images.count; start += batchSize) {
    yield selectImages(images, order.subarray(start, start + batchSize))
  }
}

/** Batches that `shuffledBatches` yields per epoch. */
export function batchesPerEpoch(imageCount: number, batchSize: number): number {
  return Math.floor(imageCount / batchSize)
}

/** A batch of `batchSize` images of which the first `used` count; the others only fill it up. */
export interface PaddedBatch {
  readonly images: LabelledImages
  readonly used: number
}

/**
 * All images once, in their order, in batches of exactly `batchSize`; the last is filled up with the
 * first images again, for graphs of a fixed batch size.
 */
export function* paddedBatches(images: LabelledImages, batchSize: number): Generator<PaddedBatch> {
  for (let start = 0; start < images.count; start += batchSize) {
    const used = Math.min(batchSize, images.count - start)
    const indices = Uint32Array.from(
      { length: batchSize },
      (_, place) => (start + place) % images.count,
    )
    yield { images: selectImages(images, indices), used }
  }
}
