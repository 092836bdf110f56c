import { utf8 } from './url'

/**
 * The SHA-1 digest of a text's UTF-8 bytes in hex. Cookie names and cross-domain device ids are made of it, so that
 * visitors known from another tracker of this dialect stay known. It is not used to protect anything.
 */
export function sha1(text: string): string {
  const bytes = utf8(text)
  const length = bytes.length
  const words: number[] = new Array((((length + 8) >> 6) + 1) * 16).fill(0)
  for (let at = 0; at <= length; at++) {
    words[at >> 2] |= (at < length ? bytes.charCodeAt(at) : 0x80) << (24 - (at % 4) * 8)
  }
  words[words.length - 1] = length * 8

  let state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]
  for (let block = 0; block < words.length; block += 16) {
    const schedule = words.slice(block, block + 16)
    let [a, b, c, d, e] = state
    for (let round = 0; round < 80; round++) {
      if (round > 15) {
        schedule[round] = rotate(
          schedule[round - 3] ^ schedule[round - 8] ^ schedule[round - 14] ^ schedule[round - 16],
          1
        )
      }
      const mixed =
        round < 20
          ? ((b & c) | (~b & d)) + 0x5a827999
          : round < 40
            ? (b ^ c ^ d) + 0x6ed9eba1
            : round < 60
              ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
              : (b ^ c ^ d) + 0xca62c1d6
      const next = (rotate(a, 5) + mixed + e + schedule[round]) | 0
      e = d
      d = c
      c = rotate(b, 30)
      b = a
      a = next
    }
    const worked = [a, b, c, d, e]
    state = state.map((word, at) => (word + worked[at]) | 0)
  }
  return state.map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))
