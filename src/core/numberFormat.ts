/**
 * What the number formats of machine learning can hold, worked out from their bits.
 * Sources: IEEE 754-2019; NVIDIA, "TF32" (A100 white paper, 2020); bfloat16 (Google, 2019);
 * Micikevicius et al. 2022, "FP8 formats for deep learning", whose E4M3 has no infinity.
 */

export const numberFormatNames = [
  'fp32',
  'tf32',
  'fp16',
  'bf16',
  'fp8-e4m3',
  'fp8-e5m2',
  'int8',
  'int4',
] as const
export type NumberFormatName = (typeof numberFormatNames)[number]

interface FloatBits {
  readonly type: 'float'
  readonly exponentBits: number
  /** Without the leading 1 that is not stored. */
  readonly mantissaBits: number
  /**
   * `ieee`: exponents of ones only are infinities and NaN. `finite`: they are numbers, but for one
   * NaN of each sign, and what is too large becomes NaN.
   */
  readonly encoding: 'ieee' | 'finite'
}

interface IntegerBits {
  readonly type: 'integer'
  readonly integerBits: number
}

/** Bits of one value, sign included, as it lies in memory: TF32 is computed from 32. */
interface Stored {
  readonly storedBits: number
}

const bitsOf: Readonly<Record<NumberFormatName, (FloatBits | IntegerBits) & Stored>> = {
  fp32: { type: 'float', storedBits: 32, exponentBits: 8, mantissaBits: 23, encoding: 'ieee' },
  tf32: { type: 'float', storedBits: 32, exponentBits: 8, mantissaBits: 10, encoding: 'ieee' },
  fp16: { type: 'float', storedBits: 16, exponentBits: 5, mantissaBits: 10, encoding: 'ieee' },
  bf16: { type: 'float', storedBits: 16, exponentBits: 8, mantissaBits: 7, encoding: 'ieee' },
  'fp8-e4m3': {
    type: 'float',
    storedBits: 8,
    exponentBits: 4,
    mantissaBits: 3,
    encoding: 'finite',
  },
  'fp8-e5m2': { type: 'float', storedBits: 8, exponentBits: 5, mantissaBits: 2, encoding: 'ieee' },
  int8: { type: 'integer', storedBits: 8, integerBits: 8 },
  int4: { type: 'integer', storedBits: 4, integerBits: 4 },
}

export interface NumberFormat {
  readonly name: NumberFormatName
  readonly type: 'float' | 'integer'
  readonly storedBits: number
  /** Null for integers, as is everything below that only a floating point has. */
  readonly exponentBits: number | null
  readonly mantissaBits: number | null
  readonly smallest: number
  /** The largest finite value. */
  readonly largest: number
  /** The smallest positive value of full precision. */
  readonly smallestNormal: number | null
  /** The smallest positive value at all: half of it and less becomes 0. */
  readonly smallestSubnormal: number | null
  /** From 1 to the next larger value. */
  readonly stepAtOne: number
  /** Finite values, +0 and −0 counted once. */
  readonly distinctValues: number
  readonly hasInfinity: boolean
}

/** Everything about a format; all figures are exact. */
export function describeNumberFormat(name: NumberFormatName): NumberFormat {
  const bits = bitsOf[name]
  if (bits.type === 'integer') {
    const half = 2 ** (bits.integerBits - 1)
    return {
      name,
      type: 'integer',
      storedBits: bits.storedBits,
      exponentBits: null,
      mantissaBits: null,
      smallest: -half,
      largest: half - 1,
      smallestNormal: null,
      smallestSubnormal: null,
      stepAtOne: 1,
      distinctValues: 2 * half,
      hasInfinity: false,
    }
  }
  const { exponentBits, mantissaBits, encoding } = bits
  const { largest, minExponent } = floatLimits(bits)
  const mantissas = 2 ** mantissaBits
  const codesPerSign =
    encoding === 'ieee' ? (2 ** exponentBits - 1) * mantissas : 2 ** exponentBits * mantissas - 1
  return {
    name,
    type: 'float',
    storedBits: bits.storedBits,
    exponentBits,
    mantissaBits,
    smallest: -largest,
    largest,
    smallestNormal: 2 ** minExponent,
    smallestSubnormal: 2 ** (minExponent - mantissaBits),
    stepAtOne: 2 ** -mantissaBits,
    distinctValues: 2 * codesPerSign - 1,
    hasInfinity: encoding === 'ieee',
  }
}

export const numberFormats: readonly NumberFormat[] = numberFormatNames.map(describeNumberFormat)

/**
 * The nearest value that the format holds, ties to the even one. What is too large becomes ±∞, NaN
 * where the format has no infinity, and the nearest end of the range for an integer.
 */
export function roundToFormat(value: number, name: NumberFormatName): number {
  const bits = bitsOf[name]
  if (Number.isNaN(value)) return bits.type === 'integer' ? 0 : NaN
  if (bits.type === 'integer') {
    const half = 2 ** (bits.integerBits - 1)
    return Math.min(half - 1, Math.max(-half, roundHalfToEven(value)))
  }
  const { largest, minExponent } = floatLimits(bits)
  const magnitude = Math.abs(value)
  const beyond = bits.encoding === 'ieee' ? Infinity * Math.sign(value) : NaN
  if (magnitude === Infinity) return beyond
  const exponent = Math.max(minExponent, floorLog2(magnitude))
  // Within one exponent values lie evenly; multiplying by a power of two is exact.
  const step = 2 ** (exponent - bits.mantissaBits)
  const rounded = roundHalfToEven(magnitude / step) * step
  if (rounded > largest) return beyond
  return value < 0 || Object.is(value, -0) ? -rounded : rounded
}

/** What becomes of a number: `overflow` is larger than any, `underflow` a nonzero that becomes 0. */
export function fateInFormat(
  value: number,
  name: NumberFormatName,
): 'exact' | 'rounded' | 'overflow' | 'underflow' {
  const held = roundToFormat(value, name)
  if (held === value) return 'exact'
  if (!Number.isFinite(held)) return 'overflow'
  if (bitsOf[name].type === 'integer' && held !== roundHalfToEven(value)) return 'overflow'
  return held === 0 ? 'underflow' : 'rounded'
}

function floatLimits({ exponentBits, mantissaBits, encoding }: FloatBits) {
  const bias = 2 ** (exponentBits - 1) - 1
  const [maxExponent, largestMantissa] =
    encoding === 'ieee'
      ? [bias, 2 - 2 ** -mantissaBits]
      : // The exponent of ones is a number too, and its mantissa of ones is NaN.
        [bias + 1, 2 - 2 * 2 ** -mantissaBits]
  return { largest: largestMantissa * 2 ** maxExponent, minExponent: 1 - bias }
}

function floorLog2(magnitude: number): number {
  if (magnitude === 0) return -Infinity
  let exponent = Math.floor(Math.log2(magnitude))
  // log2 is not exact next to powers of two.
  if (2 ** exponent > magnitude) exponent -= 1
  else if (2 ** (exponent + 1) <= magnitude) exponent += 1
  return exponent
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest < 0.5) return below
  if (rest > 0.5) return below + 1
  return below % 2 === 0 ? below : below + 1
}
