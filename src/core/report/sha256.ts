// SHA-256 in plain TypeScript (FIPS 180-4), because a report opened from a disk or inside a sandboxed
// frame has no crypto.subtle everywhere, and a file must be able to check itself there too.

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const roundConstants = firstPrimes(64).map((prime) => fractionBits(Math.cbrt(prime)))
/** The same of the square roots of the first 8 (5.3.3). */
const initialHash = firstPrimes(8).map((prime) => fractionBits(Math.sqrt(prime)))

function firstPrimes(count: number): number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n += 1) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  }
  return primes
}

function fractionBits(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) >>> 0
}

const rotateRight = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits))

/** The 32 bytes of SHA-256 of `text` in UTF-8. */
export function sha256(text: string): Uint8Array {
  const bytes = padded(new TextEncoder().encode(text))
  const view = new DataView(bytes.buffer)
  const hash = Uint32Array.from(initialHash)
  const schedule = new Uint32Array(64)
  for (let offset = 0; offset < bytes.length; offset += 64) {
    for (let i = 0; i < 16; i += 1) schedule[i] = view.getUint32(offset + 4 * i)
    for (let i = 16; i < 64; i += 1) schedule[i] = extended(schedule, i)
    addBlock(hash, schedule)
  }
  const digest = new DataView(new ArrayBuffer(32))
  hash.forEach((word, i) => digest.setUint32(4 * i, word))
  return new Uint8Array(digest.buffer)
}

/** Lower-case hexadecimal, as sha256sum prints it. */
export function sha256Hex(text: string): string {
  return Array.from(sha256(text), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** As a Content-Security-Policy names it: `'sha256-…'` is this in quotes. */
export function sha256Base64(text: string): string {
  return btoa(String.fromCharCode(...sha256(text)))
}

/** The message, a 1 bit, zeros, and its length in bits as 64 bits: a multiple of 64 bytes. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, BigInt(message.length) * 8n)
  return bytes
}

function extended(schedule: Uint32Array, i: number): number {
  const w15 = schedule[i - 15]!
  const w2 = schedule[i - 2]!
  const s0 = rotateRight(w15, 7) ^ rotateRight(w15, 18) ^ (w15 >>> 3)
  const s1 = rotateRight(w2, 17) ^ rotateRight(w2, 19) ^ (w2 >>> 10)
  return schedule[i - 16]! + s0 + schedule[i - 7]! + s1
}

function addBlock(hash: Uint32Array, schedule: Uint32Array): void {
  let [a, b, c, d] = [hash[0]!, hash[1]!, hash[2]!, hash[3]!]
  let [e, f, g, h] = [hash[4]!, hash[5]!, hash[6]!, hash[7]!]
  for (let i = 0; i < 64; i += 1) {
    const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)
    const choice = (e & f) ^ (~e & g)
    const t1 = (h + s1 + choice + roundConstants[i]! + schedule[i]!) | 0
    const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + s0 + majority) | 0
  }
  ;[a, b, c, d, e, f, g, h].forEach((word, i) => {
    hash[i] = hash[i]! + word
  })
}
