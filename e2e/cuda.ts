import { readdirSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from 'playwright/test'
import { driverEnvironment, wheelFolder } from '../test/cuda-stub/cudaStub'
import { runHeadroom } from './terminalHost'

/** A machine with a stand-in's driver, whose CUDA lies in the data folder, as a person sets it up. */
export interface CudaMachine {
  readonly dataFolder: string
  readonly environment: Readonly<Record<string, string>>
}

/** Sets CUDA up from a folder of wheels, the provider's real one among them. @param home a test's own */
export async function setUpCuda(home: string): Promise<CudaMachine> {
  const dataFolder = join(home, 'data')
  const shared = join(home, 'shared')
  await mkdir(shared, { recursive: true })
  await wheelFolder(join(home, 'wheels'))
  const environment = driverEnvironment(shared)
  const setup = ['setup', 'cuda', '--no-cudnn', '--from', join(home, 'wheels')]
  const { code, stderr } = await runHeadroom(setup, { ...environment, HEADROOM_DATA: dataFolder })
  expect(code, stderr).toBe(0)
  return { dataFolder, environment }
}

/** What a person sees of a run on the stand-in: a GPU that is ready, whose memory follows the run. */
export async function runOnStub(page: Page): Promise<void> {
  await open(page, 'Devices')
  await expect(page.getByText(/^Stub T4 \(no GPU\) is ready/)).toBeVisible({ timeout: 30_000 })
  await startRun(page, 'Inference')
  await open(page, 'Monitor')
  const processes = page.getByRole('table', { name: 'Processes on this GPU' })
  await expect(processes.getByText('Headroom', { exact: true })).toBeVisible({ timeout: 20_000 })
  await open(page, 'Run')
  await expect(page.getByText(/^The step completed in/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText(/Stub T4 \(no GPU\)/).first()).toBeVisible()
  await open(page, 'Monitor')
  // What was allocated is free again with its process.
  await expect(page.getByText('Nobody holds memory of this GPU.')).toBeVisible()
}

/** Runs one step of the first network in fp32. */
export async function startRun(page: Page, mode: 'Inference' | 'Training step'): Promise<void> {
  await open(page, 'Plan')
  const other = mode === 'Inference' ? 'Training step' : 'Inference'
  await page.getByRole('checkbox', { name: other, exact: true }).uncheck()
  for (const name of ['fp16', 'int8'])
    await page.getByRole('checkbox', { name, exact: true }).uncheck()
  await page.getByRole('button', { name: /^Run/ }).click()
}

/** What was stored and exported says that a stand-in computed, and what was seen of its memory. */
export async function expectStubInRecord({ dataFolder }: CudaMachine, out: string): Promise<void> {
  const here = { HEADROOM_DATA: dataFolder }
  const shown = await runHeadroom(['show', 'latest', '--json'], here)
  const record = JSON.parse(shown.stdout) as {
    device: { name: string }
    steps: {
      notes: string[]
      executionProvider: { actual: string; memcpyNodes: number }
      memory: { measured: { devicePeakBytes: number; reservedPeakBytes: number } }
    }[]
  }
  const [step] = record.steps
  expect(record.device.name).toBe('Stub T4 (no GPU)')
  expect(step!.executionProvider).toMatchObject({ actual: 'cuda', memcpyNodes: 0 })
  // Its own process is nobody else's.
  expect(step!.notes.filter((note) => note.includes('shared GPU'))).toEqual([])
  const { devicePeakBytes, reservedPeakBytes } = step!.memory.measured
  expect(devicePeakBytes).toBeGreaterThanOrEqual(reservedPeakBytes)
  await runHeadroom(['report', 'latest', '--format', 'html,md,csv,json', '--out', out], here)
  const files = readdirSync(out)
  expect(files).toHaveLength(4)
  for (const file of files)
    expect(readFileSync(join(out, file), 'utf8'), file).toContain('Stub T4 (no GPU)')
}

async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
}
