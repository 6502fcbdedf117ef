import { defineConfig } from 'vitest/config'
import { inlineScript } from './scripts/inlineScript.mjs'

export default defineConfig({
  plugins: [inlineScript()],
  test: {
    setupFiles: ['test/sameProperties.ts'],
    include: ['{src,test,scripts}/**/*.test.{ts,tsx}'],
    // A test that hangs is found all the same; one on a busy machine is not taken for it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
