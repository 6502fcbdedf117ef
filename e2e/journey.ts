import { expect, type Page } from 'playwright/test'
import { expectAccessible } from './accessibility'

/** What a person does with Headroom, on whichever host; screenshots are kept under test-results. */
export async function takeJourney(page: Page, host: 'desktop' | 'web'): Promise<void> {
  const pages = page.getByRole('navigation').getByRole('link')
  await expect(pages.first()).toBeVisible()
  for (const link of await pages.all()) {
    const name = (await link.textContent()) ?? ''
    await link.click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expectAccessible(page)
    await page.screenshot({ path: `test-results/screenshots/${host}-${name.toLowerCase()}.png` })
  }
}
