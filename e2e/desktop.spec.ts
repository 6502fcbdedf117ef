import { expect, test, type Page } from 'playwright/test'
import { cudaStubMissing } from '../test/cuda-stub/cudaStub'
import { expectStubInRecord, runOnStub, setUpCuda } from './cuda'
import { openDesktop } from './desktopHost'
import { takeJourney } from './journey'
import { watchMonitor } from './monitor'
import { canCompile, compileStubNvml } from '../test/monitor/stubNvml'

test('the journey in an Electron window', async () => {
  const { app, problems } = await openDesktop(test.info().outputPath('data'))
  try {
    const page = await app.firstWindow()
    await takeJourney(page, 'desktop')
    expect(page.url()).toMatch(/^app:\/\/headroom\//)
    problems.expectNone()
  } finally {
    await app.close()
  }
})

test('the monitor in an Electron window, over a stand-in for NVML', async () => {
  test.skip(!canCompile, 'the stand-in needs gcc on Linux')
  const stub = compileStubNvml()
  const { app, problems } = await openDesktop(test.info().outputPath('data'), stub.environment)
  try {
    const page = await app.firstWindow()
    await watchMonitor(page, stub, 'desktop')
    problems.expectNone()
  } finally {
    await app.close()
    stub.remove()
  }
})

test('a run on the stand-in for CUDA, in an Electron window', async () => {
  test.skip(cudaStubMissing !== null, cudaStubMissing ?? '')
  const machine = await setUpCuda(test.info().outputPath('home'))
  const { app, problems } = await openDesktop(machine.dataFolder, machine.environment)
  try {
    await runOnStub(await app.firstWindow())
    problems.expectNone()
  } finally {
    await app.close()
  }
  await expectStubInRecord(machine, test.info().outputPath('report'))
})

test('a page cannot leave its sandbox, its window or its origin', async () => {
  const { app } = await openDesktop(test.info().outputPath('data'))
  try {
    const page = await app.firstWindow()
    await expect(page.getByRole('navigation')).toBeVisible()
    const home = page.url()

    expect(await page.evaluate(() => [typeof require, typeof process])).toEqual([
      'undefined',
      'undefined',
    ])
    const preferences = await app.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => {
        // Internal, and the only way to ask what a window was really given.
        const given = contents as unknown as { getLastWebPreferences(): Record<string, unknown> }
        const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } =
          given.getLastWebPreferences()
        return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag }
      }),
    )
    expect(preferences).toEqual([
      {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      },
    ])

    expect(await page.evaluate(() => window.open('https://example.com') === null)).toBe(true)
    expect(app.windows()).toHaveLength(1)
    const elsewhere = ['https://example.com/', 'file:///etc/passwd', 'app://attacker/']
    for (const url of elsewhere) {
      await page.evaluate((target) => location.assign(target), url)
      expect(page.url()).toBe(home)
      expect(await reach(page, url)).toBe('refused')
    }
    expect(await page.evaluate(() => fetch('/%2e%2e/main/index.cjs').then((r) => r.status))).toBe(
      404,
    )
    expect(await page.evaluate(() => fetch('/package.json').then((r) => r.status))).toBe(404)

    const permissions = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read']
    for (const name of permissions) expect(await permissionState(page, name), name).toBe('denied')

    const ran = await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'window.ran = true'
      document.head.append(script)
      return 'ran' in window
    })
    expect(ran).toBe(false)
  } finally {
    await app.close()
  }
})

function reach(page: Page, url: string): Promise<string> {
  return page.evaluate(
    (target) =>
      fetch(target).then(
        () => 'reached',
        () => 'refused',
      ),
    url,
  )
}

function permissionState(page: Page, name: string): Promise<string> {
  return page.evaluate(
    async (permission) =>
      (await navigator.permissions.query({ name: permission as PermissionName })).state,
    name,
  )
}
