// A second application that writes into the same history: `historyWriter FILE FIRST COUNT`.
import { openHistory } from '../../src/profiler/history'
import { runRecord } from '../runRecords'

const [file = '', first = '', count = ''] = process.argv.slice(2)
const history = openHistory({ file, warn: (line) => console.error(line) })
for (let each = 0; each < Number(count); each += 1) {
  history.save(runRecord({ id: `${first}${String(each).padStart(3, '0')}` }))
}
history.close()
