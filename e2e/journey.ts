import { expect, type Page } from 'playwright/test'
import { expectAccessible } from './accessibility'
import { askWhatFits } from './fit'

type Host = 'desktop' | 'web'

/**
 * What a person does with Headroom, on whichever host: look at the devices, ask what fits, plan, run, watch, and then
 * every other page with what was measured. Each page is checked for accessibility, and its screenshot
 * kept under test-results.
 */
export async function takeJourney(page: Page, host: Host): Promise<void> {
  await openPage(page, 'Devices')
  await expect(page.getByText('ONNX Runtime').first()).toBeVisible()
  await keep(page, host, 'devices')

  await openPage(page, 'Fit')
  await askWhatFits(page)
  await keep(page, host, 'fit')

  await openPage(page, 'Plan')
  // Four steps instead of six; bf16 is not run here, which the plan has to say.
  await page.getByRole('checkbox', { name: 'fp16', exact: true }).uncheck()
  await page.getByRole('checkbox', { name: 'bf16' }).check()
  await expect(page.getByText('Skipped', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Fits', { exact: true })).toHaveCount(4)
  await keep(page, host, 'plan')

  await page.getByRole('button', { name: /^Run/ }).click()
  await expect(page.getByRole('button', { name: 'Cancel' })).toBeVisible()
  await expect(page.getByRole('progressbar').first()).toBeVisible()
  await keep(page, host, 'running')
  await expect(page.getByText(/4 of 6 steps completed|All 4 steps completed/).first()).toBeVisible({
    timeout: 180_000,
  })
  await keep(page, host, 'run')

  const links = page.getByRole('navigation').getByRole('link')
  const names = (await links.allTextContents()).map((text) => text.replace(/\d+$/, '').trim())
  for (const name of names.filter((each) => !['Devices', 'Fit', 'Plan', 'Run'].includes(each))) {
    await openPage(page, name)
    await keep(page, host, name.toLowerCase())
  }
}

/** Trains a small decoder on text until its curves are seen, then stops it. */
export async function watchTraining(page: Page): Promise<void> {
  await openPage(page, 'Plan')
  await page.getByRole('combobox', { name: 'Network' }).click()
  await page.getByRole('option', { name: /^gpt-nano/ }).click()
  await page.getByRole('checkbox', { name: 'Inference' }).uncheck()
  for (const [label, value] of [
    ['Batch size', '2'],
    ['Tokens a sample', '16'],
    ['Steps', '40'],
  ] as const)
    await page.getByLabel(label, { exact: true }).fill(value)
  await expect(page.getByText('Fits', { exact: true }).first()).toBeVisible()
  await page.getByRole('button', { name: /^Run/ }).click()
  await expect(page.getByText(/^Validation loss now: fp32 \d/)).toBeVisible({ timeout: 60_000 })
  await keep(page, 'web', 'training')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(page.getByText(/^Cancelled;/)).toBeVisible()
}

/** Starts a run and stops it while its first step measures; what is left is a stored, cancelled run. */
export async function cancelRun(page: Page): Promise<void> {
  await openPage(page, 'Plan')
  await page.getByRole('button', { name: /^Run/ }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Cancel the run' }).click()
  await expect(page.getByText(/^Cancelled; 0 of/)).toBeVisible()
  await openPage(page, 'History')
  await expect(page.getByText('Cancelled').first()).toBeVisible()
}

async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}

async function keep(page: Page, host: Host, name: string): Promise<void> {
  await expectAccessible(page)
  await page.screenshot({ path: `test-results/screenshots/${host}-${name}.png` })
}
