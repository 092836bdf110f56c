import { inflateRawSync } from 'node:zlib'

/** The files of a zip file as texts, by name. */
export function unzipped(bytes) {
  const files = {}
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const [packed, size, name, extra] = [bytes.readUInt16LE(at + 8) === 8, bytes.readUInt32LE(at + 18), bytes.readUInt16LE(at + 26), bytes.readUInt16LE(at + 28)]
    const begin = at + 30 + name + extra
    const body = bytes.subarray(begin, begin + size)
    files[bytes.toString('utf8', at + 30, at + 30 + name)] = (packed ? inflateRawSync(body) : body).toString('utf8')
    at = begin + size
  }
  return files
}
