#!/usr/bin/env node
// @ts-check
// A file of the repository, not of the build: npm links it once, and a rebuild would lose its execute bit.
// Written for any Node, so that an old one gets a sentence instead of a stack.
const fs = require('node:fs')
const nodeModule = require('node:module')
const path = require('node:path')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const cli = path.join(__dirname, '../out/main/cli.cjs')

if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `headroom needs Node >= 22.13 and this is ${process.version}: npm install brings one, start it with npx headroom\n`,
  )
  process.exitCode = 2
} else if (!fs.existsSync(cli)) {
  process.stderr.write('headroom is not built yet: npm run build\n')
  process.exitCode = 2
} else {
  nodeModule.enableCompileCache?.()
  require(cli)
}
