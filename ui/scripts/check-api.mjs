// Fails when src/api/schema.d.ts is not what crates/api/openapi.json says.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const dir = mkdtempSync(join(tmpdir(), 'footfall-api-'));
try {
  const fresh = join(dir, 'schema.d.ts');
  execFileSync('npx', ['openapi-typescript', '../crates/api/openapi.json', '--default-non-nullable=false', '-o', fresh], { stdio: 'pipe' });
  if (readFileSync(fresh, 'utf8') !== readFileSync('src/api/schema.d.ts', 'utf8')) {
    console.error('src/api/schema.d.ts is stale: run `npm run api` and commit the result');
    process.exitCode = 1;
  } else {
    console.log('src/api/schema.d.ts matches the API description');
  }
} finally {
  rmSync(dir, { recursive: true });
}
