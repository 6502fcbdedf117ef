import { expect, test } from 'playwright/test'
import { cancelRun, takeJourney, watchTraining } from './journey'
import { watchForProblems } from './problems'
import { serveWeb } from './webHost'

test('the journey in a browser', async ({ context, page }) => {
  const problems = watchForProblems(context)
  const server = await serveWeb(test.info().outputPath('data'))
  try {
    await page.goto(server.url)
    await takeJourney(page, 'web')
    await cancelRun(page)
    await watchTraining(page)
    problems.expectNone()
  } finally {
    await server.close()
  }
})

test('the page says so when its token is wrong', async ({ page }) => {
  const server = await serveWeb(test.info().outputPath('data'))
  try {
    await page.goto(server.url.replace(/token=.*/, 'token=wrong'))
    await expect(page.getByRole('alert')).toBeVisible()
  } finally {
    await server.close()
  }
})
