/** One figure of `npm run bench`. */
export interface Figure {
  readonly name: string
  readonly value: number
  /** 95 % interval, or null where there is none. */
  readonly interval: { readonly low: number; readonly high: number } | null
  readonly unit: string
  /** Largest value that meets the goal. */
  readonly goal: number
  /** How it was taken, one line. */
  readonly how: string
  /** Of a comparison of steps: which, and the value again by its name. */
  readonly size?: string
  readonly ratio?: number
}
