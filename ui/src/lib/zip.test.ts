import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32, zipped } from './zip';

const bytesOf = (blob: Blob) =>
  new Promise<Uint8Array>((done) => {
    const reader = new FileReader();
    reader.onload = () => done(new Uint8Array(reader.result as ArrayBuffer));
    reader.readAsArrayBuffer(blob);
  });

describe('zip files', () => {
  it('carry the checksum that everybody else computes', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  it('are read by other programs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'footfall-zip-'));
    try {
      writeFileSync(join(folder, 'a.zip'), await bytesOf(zipped({ 'imported_pages.csv': 'date,page\n2026-01-01,/ä\n', 'b.csv': '' })));
      const read = 'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), {n: z.read(n).decode() for n in z.namelist()}]))';
      expect(JSON.parse(execFileSync('python3', ['-c', read, join(folder, 'a.zip')]).toString())).toEqual([null, { 'imported_pages.csv': 'date,page\n2026-01-01,/ä\n', 'b.csv': '' }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
