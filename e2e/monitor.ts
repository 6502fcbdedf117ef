import { rmSync, writeFileSync } from 'node:fs'
import { expect, type Page } from 'playwright/test'
import type { StubNvml } from '../test/monitor/stubNvml'
import { expectAccessible } from './accessibility'

const gibibyte = 1024 ** 3

/** Opens the page and waits until it tells of the stand-in, whose name says what it is. */
export async function openMonitor(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Monitor' }).click()
  await expect(page.getByText(/Stub T4 \(no GPU\) can be used/)).toBeVisible()
}

/**
 * What a person sees of a GPU that others use and that fails: who is on it, a figure that goes and
 * comes back, a GPU that is lost and answers again.
 */
export async function watchMonitor(page: Page, stub: StubNvml, host: string): Promise<void> {
  await openMonitor(page)
  await expect(page.getByText('Fast figures by NVML, every 100 ms')).toBeVisible()
  const powerTable = page.getByRole('table', { name: /^Power \(W\)/ })
  await expect(powerTable.getByRole('cell', { name: '11.2' }).first()).toBeAttached()

  stub.hold(process.pid, 5 * gibibyte)
  await expect(page.getByText(/is shared: .* holds 5 GiB/)).toBeVisible()
  await expect(page.getByRole('cell', { name: String(process.pid) })).toBeVisible()
  await expectAccessible(page)
  await page.screenshot({ path: `test-results/screenshots/${host}-monitor-shared.png` })

  writeFileSync(stub.faults, 'nvmlDeviceGetMemoryInfo_v2=15')
  await expect(page.getByText('Stub T4 (no GPU) no longer answers.')).toBeVisible()
  await expect(page.getByText(/GPU is lost \(15\)/)).toBeVisible()
  rmSync(stub.faults)
  await expect(page.getByText(/is shared/)).toBeVisible()

  writeFileSync(stub.faults, 'xid=79')
  await expect(page.getByText(/critical error, XID 79/)).toBeVisible()
  rmSync(stub.faults)
}
