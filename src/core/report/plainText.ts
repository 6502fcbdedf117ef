// Names in a record come from drivers, model files and people. Everything that prints one makes it
// plain first; escaping for its own format comes after.

/** Longer names say nothing more and would burst a table. */
const maxLength = 200

/**
 * Control characters, and those that turn the direction of the text around them: with U+202E a name
 * can make the figures beside it read backwards (Unicode TR36, 2.5).
 */
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** `text` on one line, every character visible, at most 200 characters. */
export function plainText(text: string): string {
  const visible = text
    .slice(0, maxLength + 1)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(invisible, '\ufffd')
  return visible.length > maxLength ? `${visible.slice(0, maxLength - 1)}…` : visible
}
