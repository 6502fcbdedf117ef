/** Images with the class each belongs to, as the networks take them. */
export interface LabelledImages {
  readonly count: number
  readonly pixelsPerImage: number
  /** Image after image, row by row, each pixel 0 to 1. */
  readonly pixels: Float32Array
  /** Class of each image. */
  readonly labels: Int32Array
}

/** The images at these places, in this order; copies. */
export function selectImages(images: LabelledImages, indices: ArrayLike<number>): LabelledImages {
  const { pixelsPerImage } = images
  const pixels = new Float32Array(indices.length * pixelsPerImage)
  const labels = new Int32Array(indices.length)
  for (let place = 0; place < indices.length; place += 1) {
    const index = indices[place]!
    const start = index * pixelsPerImage
    pixels.set(images.pixels.subarray(start, start + pixelsPerImage), place * pixelsPerImage)
    labels[place] = images.labels[index]!
  }
  return { count: indices.length, pixelsPerImage, pixels, labels }
}
