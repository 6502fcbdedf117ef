import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exampleRun } from '../../../../test/exampleRun'
import { reportHtml } from '../html'
import { reportLanguages } from '../words/reportWords'

const executablePath = '/usr/bin/chromium'

// A report in the browser of whoever opens it.
describe.skipIf(!existsSync(executablePath))(`in ${executablePath}`, { timeout: 30_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
  }, 60_000)
  afterAll(() => browser.close())

  async function open(html: string): Promise<Page> {
    const page = await browser.newPage()
    await page.setContent(html)
    await page.locator('#check-result[data-result]').waitFor()
    return page
  }

  const html = reportHtml(exampleRun(), 'en')
  const firstFigure = /(<td [^>]*data-figure="">)([^<]+)</

  it.each(reportLanguages)(
    'finds every figure right in %s, without a word in the console',
    async (language) => {
      const page = await browser.newPage()
      const said: string[] = []
      page.on('console', (message) => said.push(message.text()))
      page.on('pageerror', (error) => said.push(String(error)))
      await page.setContent(reportHtml(exampleRun(), language))
      await page.locator('#check-result[data-result="passed"]').waitFor()
      expect(await page.locator('[data-check="wrong"]').count()).toBe(0)
      expect(await page.locator('[data-check="right"]').count()).toBeGreaterThan(50)
      expect(said).toEqual([])
      await page.close()
    },
  )

  it('marks the one figure that somebody changed in a table', async () => {
    const page = await open(html.replace(firstFigure, '$10.001<'))
    expect(await page.locator('#check-result').getAttribute('data-result')).toBe('failed')
    const wrong = page.locator('[data-check="wrong"]')
    expect(await wrong.count()).toBe(1)
    expect(await wrong.textContent()).toContain(`the samples give ${firstFigure.exec(html)![2]}`)
    await page.close()
  })

  it('marks a chart that was redrawn and a verdict that was rewritten', async () => {
    const page = await open(
      html
        .replace(/class="median" x1="[\d.]+"/, 'class="median" x1="200"')
        .replace('faster than', 'slower than'),
    )
    expect(await page.locator('figure[data-check="wrong"]').count()).toBe(1)
    expect(await page.locator('.headline[data-check="wrong"]').count()).toBe(1)
    await page.close()
  })

  it('names the figure of the data that its samples do not give, and the broken checksum', async () => {
    const median = exampleRun().steps[0]!.latencyMs!.median
    const page = await open(html.replace(`"median":${median},`, '"median":0.01,'))
    expect(await page.locator('#mismatches').textContent()).toContain('latencyMs.median: 0.01')
    expect(await page.locator('#checksum').getAttribute('data-check')).toBe('wrong')
    await page.close()
  })

  it('runs no script but its own, and asks nobody', async () => {
    const page = await browser.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('requestfailed', (request) => {
      if (request.failure()?.errorText === 'csp') asked.splice(asked.indexOf(request.url()), 1)
    })
    await page.setContent(
      html.replace(
        '<main>',
        '<main><script>document.title="evil"</script><img src="http://127.0.0.1:9/x">',
      ),
    )
    await page.locator('#check-result[data-result]').waitFor()
    expect(await page.title()).not.toBe('evil')
    expect(asked.filter((url) => url.startsWith('http'))).toEqual([])
    await page.close()
  })
})
