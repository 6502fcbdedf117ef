// `electron FOLDER`, as Electron's own default application does it: runs that folder's package.json "main".
const { app } = require('electron')
const path = require('node:path')

const folder = path.resolve(
  process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.',
)
const { main, name, productName, version } = require(path.join(folder, 'package.json'))
app.setAppPath(folder)
app.setName(productName ?? name)
app.setVersion(version)
require(path.join(folder, main))
