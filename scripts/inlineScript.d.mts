import type { Plugin } from 'vite'

// For the configurations, which TypeScript checks without reading JavaScript.
export function inlineScript(): Plugin
