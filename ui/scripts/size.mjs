// Adds up what a browser fetches to show a dashboard for the first time, gzipped, and holds it to the budget.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const BUDGET = 150_000;
const dist = 'dist';
const packed = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));

function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  chunk.css?.forEach((file) => seen.add(file));
  chunk.imports?.forEach((next) => closure(next, seen));
  return seen;
}

const entry = closure('index.html');
const first = new Set(['index.html', 'icon.svg', ...entry]);
// The dashboard page and everything it shows without a click, the map included.
for (const key of Object.keys(manifest).filter((k) => /pages\/SitePage/.test(k) || k.includes('world-map'))) closure(key, first);

const rows = [...first].map((file) => [file, packed(file)]).sort((a, b) => b[1] - a[1]);
const total = rows.reduce((sum, [, bytes]) => sum + bytes, 0);
const all = readdirSync(join(dist, 'assets')).reduce((sum, file) => sum + statSync(join(dist, 'assets', file)).size, 0);
for (const [file, bytes] of rows) console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  first load of a dashboard, gzip (budget ${BUDGET / 1000} kB); all assets unpacked ${(all / 1000).toFixed(0)} kB`);
if (total > BUDGET) {
  console.error(`the first load is ${total} bytes, more than the budget of ${BUDGET}`);
  process.exit(1);
}
