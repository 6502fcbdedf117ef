import { InputError } from '../errors'
import { createRandom } from '../random'
import { selectImages, type LabelledImages } from './labelledImages'

/** UCI optical digits: 8 × 8 pixels, 10 classes (resources/datasets/digits/README.md). */
export const digitsShape = { height: 8, width: 8, classes: 10 } as const

/** Path below the resources folder. */
export const digitsFile = 'datasets/digits/digits.bin'

const pixelsPerImage = digitsShape.height * digitsShape.width
const bytesPerRecord = pixelsPerImage + 1
const maxPixel = 16

/**
 * Reads digits.bin: per image 64 bytes of pixels 0 to 16, then the label.
 * @throws InputError FILE_CORRUPT naming the first byte that cannot be
 */
export function parseDigits(bytes: Uint8Array): LabelledImages {
  if (bytes.length === 0 || bytes.length % bytesPerRecord !== 0) {
    throw corrupt(`${bytes.length} bytes are not a whole number of ${bytesPerRecord}-byte images`)
  }
  const count = bytes.length / bytesPerRecord
  const pixels = new Float32Array(count * pixelsPerImage)
  const labels = new Int32Array(count)
  for (let image = 0; image < count; image += 1) {
    const start = image * bytesPerRecord
    for (let pixel = 0; pixel < pixelsPerImage; pixel += 1) {
      const value = bytes[start + pixel]!
      if (value > maxPixel) throw corrupt(`byte ${start + pixel} is ${value}, pixels end at 16`)
      pixels[image * pixelsPerImage + pixel] = value / maxPixel
    }
    const label = bytes[start + pixelsPerImage]!
    if (label >= digitsShape.classes) throw corrupt(`image ${image} is labelled ${label}`)
    labels[image] = label
  }
  return { count, pixelsPerImage, pixels, labels }
}

export interface DigitsSplit {
  /** 60 %: weights are fitted to these. */
  readonly train: LabelledImages
  /** 20 %: the ranges of int8 are chosen on these. */
  readonly calibration: LabelledImages
  /** 20 %: seen by nothing but the final count of right answers. */
  readonly test: LabelledImages
}

/**
 * The one split, by the permutation of seed 0. It is not to be changed: every accuracy on record, and
 * the committed weights, are of this split. Of 1,797 images: 1,078, 359 and 360.
 */
export function splitDigits(images: LabelledImages): DigitsSplit {
  const order = createRandom(0).permutation(images.count)
  const trainCount = Math.floor(images.count * 0.6)
  const calibrationCount = Math.floor(images.count * 0.2)
  const testStart = trainCount + calibrationCount
  return {
    train: selectImages(images, order.subarray(0, trainCount)),
    calibration: selectImages(images, order.subarray(trainCount, testStart)),
    test: selectImages(images, order.subarray(testStart)),
  }
}

function corrupt(what: string): InputError {
  return new InputError({
    code: 'FILE_CORRUPT',
    file: 'digits.bin',
    message: `${what}; make the file again with scripts/makeDigits.py`,
  })
}
