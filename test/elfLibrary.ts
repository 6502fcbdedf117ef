/** A library for x86-64 that asks for `needed` and holds nothing: what readElfNeeded reads, no more. */
export function elfLibrary(needed: readonly string[], machine = 62): Buffer {
  const names = Buffer.from(`\0${needed.map((name) => `${name}\0`).join('')}`)
  const [programsAt, dynamicAt] = [64, 64 + 2 * 56]
  const namesAt = dynamicAt + (needed.length + 3) * 16
  const loadedAt = 0x10000 // in memory; not where it is in the file
  const header = Buffer.alloc(64)
  header.write('\x7fELF\x02\x01\x01', 'latin1')
  header.writeUInt16LE(3, 16)
  header.writeUInt16LE(machine, 18)
  header.writeBigUInt64LE(BigInt(programsAt), 32)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(2, 56)
  const program = (type: number, at: number, bytes: number) => {
    const entry = Buffer.alloc(56)
    entry.writeUInt32LE(type, 0)
    entry.writeBigUInt64LE(BigInt(at), 8)
    entry.writeBigUInt64LE(BigInt(loadedAt + at), 16)
    entry.writeBigUInt64LE(BigInt(bytes), 32)
    return entry
  }
  const tag = (name: number, value: number) => {
    const entry = Buffer.alloc(16)
    entry.writeBigUInt64LE(BigInt(name), 0)
    entry.writeBigUInt64LE(BigInt(value), 8)
    return entry
  }
  let at = 1
  const entries = needed.map((name) => {
    const entry = tag(1, at)
    at += Buffer.byteLength(name) + 1
    return entry
  })
  return Buffer.concat([
    header,
    program(1, 0, namesAt + names.length),
    program(2, dynamicAt, namesAt - dynamicAt),
    ...entries,
    tag(5, loadedAt + namesAt),
    tag(10, names.length),
    tag(0, 0),
    names,
  ])
}
