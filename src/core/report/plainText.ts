// Names in a record come from drivers, model files and people. Everything that prints one makes it
// plain first; escaping for its own format comes after.

/** Longer names say nothing more and would burst a table. */
const maxLength = 200

/**
 * Controls and invisible formatting: with U+202E a name can make the figures beside it read backwards
 * (Unicode TR36, 2.5). The joiners that Persian and Hindi are written with stay.
 */
const invisible = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu

/** `text` on one line, every character visible, at most 200 characters. */
export function plainText(text: string): string {
  const visible = text
    .slice(0, maxLength + 1)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(invisible, '\ufffd')
  return visible.length > maxLength ? `${visible.slice(0, maxLength - 1)}…` : visible
}
