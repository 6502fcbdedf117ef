const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'] as const

/** A number as a table of formats shows it: 65504, 0.0078125, 3.4 × 10³⁸; what is none by its name. */
export function formatNumber(value: number | null): string {
  if (value === null) return '—'
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞'
  const magnitude = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (magnitude === 0) return '0'
  if (magnitude >= 1e6 || magnitude < 1e-3) {
    const [mantissa, exponent] = magnitude.toExponential(2).split('e')
    return `${sign}${Number(mantissa)} × 10${superscript(Number(exponent))}`
  }
  return `${sign}${Number(magnitude.toPrecision(7))}`
}

function superscript(exponent: number): string {
  const digits = Array.from(String(Math.abs(exponent)), (digit) => superscripts[Number(digit)])
  return `${exponent < 0 ? '⁻' : ''}${digits.join('')}`
}
