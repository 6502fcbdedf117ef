import { defineConfig } from 'playwright/test'

const viewport = { width: 1280, height: 800 }

/** One project per host; all of them use the built application. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  preserveOutput: 'failures-only',
  forbidOnly: true,
  workers: 1, // a benchmark is being watched: it should have the machine to itself
  timeout: 300_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    { name: 'desktop', testMatch: 'desktop.spec.ts' },
    {
      name: 'web',
      testMatch: ['web.spec.ts', 'monitor.spec.ts', 'cuda.spec.ts'],
      use: {
        viewport,
        launchOptions: {
          executablePath: '/usr/bin/chromium',
          // Chromium's own sandbox does not start as root, which is who runs in most containers.
          chromiumSandbox: process.getuid?.() !== 0,
        },
      },
    },
    { name: 'terminal', testMatch: 'terminal.spec.ts' },
  ],
})
