import { expect, type Page } from 'playwright/test'

/** What a person asks on the page Fit: another model, a larger batch, another cell, a model of their own. */
export async function askWhatFits(page: Page): Promise<void> {
  const verdict = page.locator('main output').first()
  await page.getByRole('combobox', { name: 'Model', exact: true }).fill('Qwen2.5-7B')
  await page.getByRole('option', { name: /^Qwen2\.5-7B / }).click()
  await expect(verdict).toContainText('Qwen2.5-7B')
  await expect(verdict).toContainText(/^Fits: .* to spare on NVIDIA GeForce RTX 4090/)

  const slider = page.getByRole('slider', { name: 'Batch size' })
  await slider.press('End')
  await expect(page.getByRole('textbox', { name: 'Batch size' })).toHaveValue('256')
  await expect(verdict).toContainText(/^Does not fit: .* missing/)
  await expect(verdict).toContainText(
    /Cheapest change that makes it fit|No change, nor up to three/,
  )
  await slider.press('Home')

  await page.getByRole('button', { name: /^QLoRA, T4: / }).click()
  await expect(page.getByRole('heading', { name: 'Qwen2.5-7B, QLoRA, on T4' })).toBeVisible()
  await expect(verdict).toContainText('NVIDIA T4')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('button', { name: /^QLoRA, L4: / })).toBeFocused()

  await page.getByRole('button', { name: 'Your own…' }).click()
  const config = page.getByRole('textbox', { name: 'Text of config.json' })
  await config.fill('{"model_type": "llama"}')
  await expect(page.getByText('hidden_size: is missing')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Use this model' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(config).toBeHidden()
}
