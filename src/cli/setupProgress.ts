import { formatBytes } from '../core/units'
import type { CudaSetupEvent } from '../protocol/cudaSetup'
import type { Output } from './terminal'

export interface SetupProgress {
  show(event: Exclude<CudaSetupEvent, { type: 'ended' }>): void
  /** Leaves the line that is written over. */
  close(): void
}

const words = { download: 'downloading', check: 'checking', unpack: 'unpacking' } as const
const eraseLine = '\r\u001b[2K'

/** A line per package, and under it how far the current one is where somebody watches. */
export function showSetupProgress(output: Output): SetupProgress {
  let begun = ''
  const erase = () => {
    if (output.isInteractive) output.write(eraseLine)
  }
  return {
    show(event) {
      if (event.type === 'package') {
        erase()
        const { requirement, files, bytes, reusedFrom } = event.package
        const size = files.reduce((sum, file) => sum + file.bytes, 0)
        const how =
          reusedFrom !== null
            ? `of ${reusedFrom}`
            : event.isNew
              ? `${formatBytes(bytes)} wheel`
              : 'was there'
        output.line(
          `${output.colours.green('✓')} ${requirement}: ${formatBytes(size)} of libraries (${how})`,
        )
        return
      }
      const { requirement, phase, doneBytes, totalBytes } = event
      const total = totalBytes === null ? '' : ` of ${formatBytes(totalBytes)}`
      const done = doneBytes === 0 ? '' : ` ${formatBytes(doneBytes)}${total}`
      if (output.isInteractive)
        output.write(`${eraseLine}  ${words[phase]} ${requirement}${done}`.slice(0, 120))
      else if (begun !== `${phase} ${requirement}`) output.line(`${words[phase]} ${requirement} …`)
      begun = `${phase} ${requirement}`
    },
    close: erase,
  }
}
