import { randomBytes, timingSafeEqual } from 'node:crypto'

/** 192 bits in characters that URLs and WebSocket subprotocols carry unescaped. */
export function createAccessToken(): string {
  return randomBytes(24).toString('base64url')
}

/** Whether both are the same, in a time that tells nothing about where they differ. */
export function tokensMatch(sent: string, expected: string): boolean {
  const left = Buffer.from(sent)
  const right = Buffer.from(expected)
  return left.length === right.length && timingSafeEqual(left, right)
}
