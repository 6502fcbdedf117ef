require('./polyfills.cjs')

// Started as `child.cjs ENTRY …`, it goes on as if it had been started as `ENTRY …`.
const [entry] = process.argv.splice(2, 1)
process.argv[1] = entry
require(entry)
