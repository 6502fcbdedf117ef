import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from 'playwright/test'

/** Fails where axe finds what keeps somebody from using the page. */
export async function expectAccessible(page: Page): Promise<void> {
  // Its usual mode opens a page of its own, which an Electron window does not allow.
  // A report's preview is a document without an origin, which nothing can be sent into.
  const builder = new AxeBuilder({ page }).setLegacyMode(true).options({ iframes: false })
  const { violations } = await builder.analyze()
  const grave = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({ id, help, at: nodes.map(({ html }) => html) }))
  expect(grave).toEqual([])
}
