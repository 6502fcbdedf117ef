import { diskFullLine, SetupFailure } from './setupFailure'

interface PipFailure {
  readonly pattern: RegExp
  readonly failure: (
    requirement: string,
    folder: string,
    found: RegExpExecArray,
  ) => readonly [SetupFailure['code'], string]
}

/** Words of pip 20 to 26 and of the libraries in it; the first that is found decides. */
const failures: readonly PipFailure[] = [
  {
    pattern: /No space left on device|Errno 28|Disk quota exceeded/,
    failure: (_requirement, folder) => ['DISK_FULL', diskFullLine(folder)],
  },
  {
    pattern: /DO NOT MATCH THE HASHES|Hashes are required|HashMismatch/,
    failure: (requirement) => [
      'CHECKSUM',
      `what arrived of ${requirement} does not have the checksum that the index states: it was cut off on the way, or it is another file; run it again, and if it stays so ask who keeps the index`,
    ],
  },
  {
    pattern:
      /NewConnectionError|Failed to establish a new connection|Name or service not known|name resolution|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|timed out|ProxyError|CERTIFICATE_VERIFY_FAILED|SSLError|Network is unreachable|Connection refused/,
    failure: (requirement) => [
      'NO_NETWORK',
      `the package index cannot be reached to fetch ${requirement}; check the network and pip's index and proxy (pip config list), or give a folder with the wheels by --from`,
    ],
  },
  {
    pattern: /too many (\d{3}) error responses|\b(\d{3}) (?:Client|Server) Error/,
    failure: (requirement, _folder, [, retried, answered]) => [
      'FAILED',
      `the package index answers ${retried ?? answered} for ${requirement}; see whether it asks for a password (pip config list) or try later, or give a folder with the wheels by --from`,
    ],
  },
  {
    pattern:
      /IncompleteRead|IncompleteDownload|Connection broken|ConnectionResetError|Download failed|RemoteDisconnected|is not a zip file|BadZipFile|invalid wheel/i,
    failure: (requirement) => [
      'CUT',
      `the download of ${requirement} was cut off; run it again, what is complete is kept`,
    ],
  },
  {
    pattern: /No matching distribution found|Could not find a version/,
    failure: (requirement) => [
      'NOT_FOUND',
      `the package index has no ${requirement} for Linux on x86-64; choose an index that has (pip config set global.index-url …), or give a folder with the wheels by --from`,
    ],
  },
  {
    pattern: /no such option/,
    failure: () => ['FAILED', 'pip is too old: python3 -m pip install --upgrade pip'],
  },
]

/** Why pip could not fetch `requirement`, from what it printed. */
export function explainPip(said: string, requirement: string, folder: string): SetupFailure {
  const details = withoutSecrets(said).trim().slice(-4000) || null
  for (const { pattern, failure } of failures) {
    const found = pattern.exec(said)
    if (!found) continue
    const [code, message] = failure(requirement, folder, found)
    return new SetupFailure(code, message, details)
  }
  const line = /^ERROR: (.+)$/m.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? ''
  return new SetupFailure(
    'FAILED',
    `pip could not fetch ${requirement}: ${withoutSecrets(line).slice(0, 200) || 'it said nothing'}`,
    details,
  )
}

/** An index may carry a password in its address. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/(\w+:\/\/)[^\s/@]+@/g, '$1')
}
