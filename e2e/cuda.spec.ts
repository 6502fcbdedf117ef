import { expect, test } from 'playwright/test'
import { cudaStubMissing } from '../test/cuda-stub/cudaStub'
import { expectStubInRecord, runOnStub, setUpCuda, startRun } from './cuda'
import { watchForProblems } from './problems'
import { serveWeb } from './webHost'

test.describe('the shipped CUDA provider over a stand-in for CUDA', () => {
  test.skip(cudaStubMissing !== null, cudaStubMissing ?? '')

  test('a run on the stand-in, in a browser', async ({ context, page }) => {
    const problems = watchForProblems(context)
    const machine = await setUpCuda(test.info().outputPath('home'))
    const server = await serveWeb(machine.dataFolder, machine.environment)
    try {
      await page.goto(server.url)
      await runOnStub(page)
      await expectStubInRecord(machine, test.info().outputPath('report'))
      problems.expectNone()
    } finally {
      await server.close()
    }
    const small = await serveWeb(machine.dataFolder, {
      ...machine.environment,
      CUDA_STUB_TOTAL_BYTES: String(1.5 * 1024 ** 2), // the arena's first MiB and half of the next
    })
    try {
      await page.goto(small.url)
      await startRun(page, 'Training step')
      await expect(page.getByText('Out of memory').first()).toBeVisible({ timeout: 30_000 })
      await expect(page.getByText(/could not allocate a buffer of \d+ bytes/).first()).toBeVisible()
    } finally {
      await small.close()
    }
  })
})
