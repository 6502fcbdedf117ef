import { createReadStream } from 'node:fs'
import { dirname } from 'node:path'
import { InputError } from '../core/errors'
import { answerJobLine } from '../core/estimate/jobLines'
import { createModelReader } from '../profiler/modelReader'
import { exitCodes, type ExitCode } from './exitCodes'
import { readLines } from './readLines'
import type { Terminal } from './terminal'

/**
 * One answer per line of the file (`-`: stdin), in its order, each written as soon as it is known; a
 * line that cannot be answered gets its error in its place. Lines without text are passed over.
 * Models named by a relative path are looked for here, then beside the file.
 */
export async function answerJobs(
  { out }: Terminal,
  file: string,
  otherFlags: readonly string[],
): Promise<ExitCode> {
  const ignored = otherFlags.find((name) => name !== 'json')
  if (ignored !== undefined) {
    throw new InputError({
      code: 'UNSUPPORTED',
      path: `--${ignored.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      message: 'has no meaning beside --jobs: each line says everything about its job',
    })
  }
  const readModel = createModelReader(
    file === '-' ? [process.cwd()] : [process.cwd(), dirname(file)],
  )
  let hasErrors = false
  for await (const line of readLines(inputOf(file))) {
    if (line.trim() === '') continue
    const answer = await answerJobLine(line, readModel)
    hasErrors ||= 'error' in answer
    out.line(JSON.stringify(answer))
    await out.drained()
  }
  return hasErrors ? exitCodes.badInput : exitCodes.ok
}

async function* inputOf(file: string): AsyncGenerator<Buffer> {
  const stream = file === '-' ? process.stdin : createReadStream(file)
  try {
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new InputError({
      code: reason === 'ENOENT' ? 'NOT_FOUND' : 'FILE_UNREADABLE',
      path: '--jobs',
      file: null,
      message: reason === 'ENOENT' ? `${file} is not there` : `${file} cannot be read (${reason})`,
    })
  }
}
