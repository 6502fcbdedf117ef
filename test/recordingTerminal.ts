import { createColors } from 'picocolors'
import type { Output, Terminal } from '../src/cli/terminal'

/** A terminal that keeps what is written to it. */
export function recordingTerminal({ columns = 100, isInteractive = false, colours = false } = {}) {
  const texts = { out: '', err: '' }
  const output = (name: keyof typeof texts): Output => ({
    colours: createColors(colours),
    isInteractive,
    columns: () => columns,
    write: (text) => {
      texts[name] += text
    },
    line: (text = '') => {
      texts[name] += `${text}\n`
    },
    drained: async () => {},
  })
  const terminal: Terminal = { out: output('out'), err: output('err') }
  return { terminal, texts }
}
