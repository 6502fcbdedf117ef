import * as z from 'zod'
import { runCommand } from '../detect/runCommand'
import { explainPip } from './explainPip'
import type { Python } from './findPython'
import type { IndexFile } from './pipWheels'
import { packageName } from './requirement'
import type { SetupFailure } from './setupFailure'

/** Six small pages; of an index that does not answer, pip tries each twice. */
const timeoutMs = 90_000

/**
 * Asks in pip's own session, so that the user's index, proxy, certificates and passwords hold here
 * too: only pip knows all of their sources. Pages come as JSON with sizes (PEP 691 and 700), or as
 * HTML without (PEP 503). Prints one JSON document.
 */
const askIndexes = `
import json, re, sys
from pip._internal.commands.download import DownloadCommand

command = DownloadCommand("download", "")
options, names = command.parse_args(["--no-cache-dir", "--no-input"] + sys.argv[1:])
session = command._build_session(options, retries=1, timeout=10)
accept = "application/vnd.pypi.simple.v1+json, text/html;q=0.1"

def files_of(page):
    if "json" in page.headers.get("Content-Type", ""):
        return [[f["filename"], f.get("size")] for f in page.json()["files"] if not f.get("yanked")]
    anchors = re.findall(r"<a\\b([^>]*)>\\s*([^<]+?)\\s*</a>", page.text)
    return [[name, None] for marks, name in anchors if "data-yanked" not in marks]

answer = {"files": {}, "failed": None, "said": None}

def stop(name, said):
    answer.update(failed=name, said=said)
    print(json.dumps(answer))
    sys.exit()

if options.no_index:
    stop(names[0], "its configuration says no-index")
for name in names:
    found = answer["files"][name] = []
    for index in [options.index_url] + options.extra_index_urls:
        url = index.rstrip("/") + "/" + name + "/"
        try:
            page = session.get(url, headers={"Accept": accept})
            if page.status_code == 404:
                continue
            page.raise_for_status()
        except Exception as error:
            stop(name, str(error))
        try:
            found += files_of(page)
        except (KeyError, TypeError, ValueError):
            stop(name, "what %s answered is no list of files" % url)
print(json.dumps(answer))
`

const Answer = z.object({
  files: z.record(z.string(), z.array(z.tuple([z.string(), z.unknown()]))),
  /** The package at whose page the index failed, and what was said; null where all went well. */
  failed: z.string().nullable(),
  said: z.string().nullable(),
})

export interface IndexAnswer {
  /** What the indexes list for each requirement; those after a failure are missing. */
  readonly files: ReadonlyMap<string, readonly IndexFile[]>
  readonly failure: SetupFailure | null
}

/** What pip's package indexes list for some requirements; nothing is downloaded. Never throws. */
export async function readIndex(
  { command }: Python,
  requirements: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<IndexAnswer> {
  const byName = new Map(requirements.map((each) => [packageName(each), each]))
  const args = ['-c', askIndexes, ...byName.keys()]
  const { status, stdout, stderr } = await runCommand(command, args, timeoutMs, environment)
  const answer = Answer.safeParse(parseLastLine(stdout)).data
  const fail = (said: string, name: string | null) =>
    explainPip(said, byName.get(name ?? '') ?? requirements[0]!, '')
  if (!answer) {
    const said = status === 'timedOut' ? 'the package index timed out' : stderr
    return { files: new Map(), failure: fail(said, null) }
  }
  const files = Object.entries(answer.files)
    .filter(([name]) => name !== answer.failed)
    .map(([name, listed]) => [byName.get(name)!, listed.map(fileOf)] as const)
  return {
    files: new Map(files),
    failure: answer.said === null ? null : fail(answer.said, answer.failed),
  }
}

/** An index may state anything as a size. */
function fileOf([name, size]: readonly [string, unknown]): IndexFile {
  return { name, bytes: Number.isSafeInteger(size) && Number(size) > 0 ? Number(size) : null }
}

/** pip may print warnings before. */
function parseLastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split('\n').at(-1) ?? '')
  } catch {
    return null
  }
}
