import { expect, it } from 'vitest'
import { explainPip } from './explainPip'

// Texts of pip 23 and 25.
it.each([
  [
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device: '/data/x'",
    'DISK_FULL',
  ],
  [
    'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated the package versions, please update the hashes.',
    'CHECKSUM',
  ],
  [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/nvidia-cublas/\nERROR: Could not find a version that satisfies the requirement nvidia-cublas~=13.0 (from versions: none)\nERROR: No matching distribution found for nvidia-cublas~=13.0",
    'NO_NETWORK',
  ],
  [
    "WARNING: Retrying after connection broken by 'ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407'))'\nERROR: No matching distribution found for x",
    'NO_NETWORK',
  ],
  [
    'ERROR: Could not find a version that satisfies the requirement nvidia-cublas~=13.0 (from versions: 12.9.1.4)\nERROR: No matching distribution found for nvidia-cublas~=13.0',
    'NOT_FOUND',
  ],
  [
    "pip._vendor.urllib3.exceptions.ProtocolError: ('Connection broken: IncompleteRead(100 bytes read, 900 more expected)', IncompleteRead(100 bytes read, 900 more expected))",
    'CUT',
  ],
  [
    "ERROR: HTTPSConnectionPool(host='pypi.example.org', port=443): Max retries exceeded with url: /simple/x/ (Caused by ResponseError('too many 503 error responses'))",
    'FAILED',
  ],
  ['no such option: --only-binary', 'FAILED'],
  ['ERROR: something new', 'FAILED'],
])('%s', (said, code) => {
  const failure = explainPip(said, 'nvidia-cublas~=13.0', '/data/cuda')
  expect(failure.code).toBe(code)
  expect(failure.message).not.toContain('\n')
})

it.each([
  ['401 Client Error: Unauthorized for url: https://pypi.example.org/simple/x/', '401'],
  ["(Caused by ResponseError('too many 503 error responses'))", '503'],
])('says what an index answers: %s', (said, status) => {
  expect(explainPip(said, 'x==1', '/data').message).toContain(
    `the package index answers ${status} for x==1`,
  )
})

it('tells no password of an index', () => {
  const said = 'ERROR: cannot open https://ada:secret@pypi.example.org/simple/'
  const { message, details } = explainPip(said, 'x==1', '/data')
  expect(`${message} ${details}`).not.toContain('secret')
  expect(message).toContain('pypi.example.org')
})
