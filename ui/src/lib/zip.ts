// A zip file of texts, put in as they are: browsers have no ready way to make one.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

/** The checksum that zip files carry (CRC-32). */
export function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff]! ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

type Entry = { name: Uint8Array; bytes: Uint8Array; crc: number; at: number };

/** Fields of two or four bytes, the lowest first. */
function packed(fields: [2 | 4, number][]): Uint8Array {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}

/** Version, a flag for names in UTF-8, no compression, the first moment there is, checksum, both sizes, length of the name. */
const common = ({ name, bytes, crc }: Entry): [2 | 4, number][] => [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, 0x21], [4, crc], [4, bytes.length], [4, bytes.length], [2, name.length], [2, 0]];

/** A zip file that holds these texts under their names. */
export function zipped(files: Record<string, string>): Blob {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  let size = 0;
  const put = (part: Uint8Array) => {
    parts.push(part);
    size += part.length;
  };
  const entries = Object.entries(files).map(([name, text]): Entry => {
    const bytes = encoder.encode(text);
    const entry = { name: encoder.encode(name), bytes, crc: crc32(bytes), at: size };
    put(packed([[4, 0x04034b50], ...common(entry)]));
    put(entry.name);
    put(bytes);
    return entry;
  });
  const directory = size;
  for (const entry of entries) {
    put(packed([[4, 0x02014b50], [2, 20], ...common(entry), [2, 0], [2, 0], [2, 0], [4, 0], [4, entry.at]]));
    put(entry.name);
  }
  put(packed([[4, 0x06054b50], [2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, size - directory], [4, directory], [2, 0]]));
  return new Blob(parts as BlobPart[], { type: 'application/zip' });
}
