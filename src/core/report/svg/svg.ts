/** `text` where markup may stand: in an element or in a quoted attribute. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Markup that is already escaped; a plain string is always text. */
export interface Markup {
  readonly markup: string
}

type Child = Markup | string | number | null

/**
 * One element of SVG or HTML. Attributes that are null are left out; numbers keep two decimals, which
 * is a hundredth of a pixel; strings among the children are escaped.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | null>>,
  ...children: readonly (Child | readonly Child[])[]
): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => ` ${key}="${escapeMarkup(attributeText(value!))}"`)
    .join('')
  const content = children.flat().map(childMarkup).join('')
  if (content === '' && voidElements.has(name)) return { markup: `<${name}${written}>` }
  return { markup: `<${name}${written}>${content}</${name}>` }
}

const voidElements = new Set(['meta', 'br', 'input', 'link', 'hr'])

function attributeText(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(value * 100) / 100)
}

function childMarkup(child: Child): string {
  if (child === null) return ''
  return typeof child === 'object' ? child.markup : escapeMarkup(String(child))
}

/** `M x y L x y …`: a line through points, broken where one is null. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let isPenDown = false
  const commands: string[] = []
  for (const point of points) {
    if (point) commands.push(`${isPenDown ? 'L' : 'M'}${point.map(attributeText).join(' ')}`)
    isPenDown = point !== null
  }
  return commands.join('')
}
