import { defineConfig } from 'vitest/config'
import { inlineScript } from './scripts/inlineScript.mjs'

export default defineConfig({
  plugins: [inlineScript()],
  test: { include: ['{src,test,scripts}/**/*.test.{ts,tsx}'] },
})
