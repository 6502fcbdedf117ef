import { hostname } from 'node:os'
import { stripVTControlCharacters } from 'node:util'

/** `2026-11-24 13:58:14.330814524 [E:onnxruntime:…, file.cc:12 Create]`. */
const logPrefix = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ (?=\[)/g
const cudaHostName = /hostname=[^\s;]*\s*;?\s*/g
/** Folders of an absolute path; its file's name stays. */
const folders = /(?<![\w.])(?:[A-Za-z]:)?(?:[/\\][^\s/\\:;'"<>|()]+)*[/\\](?=[\w.-]*\w)/g

/**
 * What native code printed, without colours, times, and what names this machine and its folders: it
 * goes into records and reports that people share.
 */
export function withoutPrivateParts(text: string, machineName = hostname()): string {
  const anonymous = stripVTControlCharacters(text)
    .replaceAll(logPrefix, '')
    .replaceAll(cudaHostName, '')
    .replaceAll(folders, '')
  // A name of one or two letters would be found inside words.
  const named = machineName.length > 2 && machineName !== 'localhost'
  return (named ? anonymous.replaceAll(machineName, '(host)') : anonymous)
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
}
