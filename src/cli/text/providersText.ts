import type { ExecutionProvider, ProviderStatus } from '../../core/device'
import { plainText } from '../../core/report/plainText'
import { formatBytes } from '../../core/units'
import type { Output } from '../terminal'

/**
 * Each provider: usable, or what is missing, what to do about it and the command that does it.
 * @param detailed the provider whose own words are shown too, where it failed
 */
export function providersText(
  providers: readonly ProviderStatus[],
  { colours }: Output,
  detailed: ExecutionProvider | null = null,
): string {
  const width = Math.max(...providers.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 4)
  return providers
    .toSorted((a, b) => Number(b.usable) - Number(a.usable))
    .map(({ name, usable, reason, fix, command, details, context }) => {
      const padded = name.padEnd(width)
      if (usable) {
        const beside = context
          ? `; a process takes ${formatBytes(context.bytes)} beside its tensors`
          : ''
        return `${colours.green('✓')} ${padded}  usable${beside}`
      }
      const lines = [`${colours.dim('✗')} ${padded}  ${plainText(reason ?? 'not usable')}`]
      if (fix) lines.push(`${indent}${colours.cyan('→')} ${fix}`)
      if (command) lines.push(`${indent}  ${colours.bold(`$ ${command}`)}`)
      if (name === detailed && details) {
        lines.push(`${indent}${colours.dim('it said:')}`)
        // Nothing is cut off: the cause stands at the end of lines of a thousand characters.
        const said = details.split('\n').flatMap((line) => line.match(/.{1,160}/g) ?? [])
        lines.push(...said.map((line) => `${indent}  ${colours.dim(plainText(line))}`))
      }
      return lines.join('\n')
    })
    .join('\n')
}
