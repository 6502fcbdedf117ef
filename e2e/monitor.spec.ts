import { expect, test } from 'playwright/test'
import { canCompile, compileStubNvml, type StubNvml } from '../test/monitor/stubNvml'
import { openMonitor, watchMonitor } from './monitor'
import { watchForProblems } from './problems'
import { serveWeb } from './webHost'

test.describe('the monitor over a stand-in for NVML', () => {
  test.skip(!canCompile, 'the stand-in needs gcc on Linux')
  let stub: StubNvml
  test.beforeEach(() => {
    stub = compileStubNvml()
  })
  test.afterEach(() => stub.remove())

  test('shows who is on a GPU, and faults that come and go', async ({ context, page }) => {
    const problems = watchForProblems(context)
    const server = await serveWeb(test.info().outputPath('data'), stub.environment)
    try {
      await page.goto(server.url)
      await watchMonitor(page, stub, 'web')
      problems.expectNone()
    } finally {
      await server.close()
    }
  })

  test('goes on for a second viewer, and after a lost connection', async ({ browser, page }) => {
    const server = await serveWeb(test.info().outputPath('data'), stub.environment)
    const second = await browser.newContext()
    try {
      const other = await second.newPage()
      let drop = () => {}
      await page.routeWebSocket('**/rpc', (socket) => {
        socket.connectToServer()
        drop = () => void socket.close()
      })
      await page.goto(server.url)
      await openMonitor(page)
      await other.goto(server.url)
      await openMonitor(other)
      await expect(
        other.getByText('You are watching; one other viewer is in control.'),
      ).toBeVisible()
      drop()
      stub.hold(process.pid, 2 ** 30)
      await expect(other.getByText(/is shared/)).toBeVisible() // unharmed
      await expect(page.getByText(/is shared/)).toBeVisible() // over a new socket
    } finally {
      await second.close()
      await server.close()
    }
  })
})
