import { defineConfig } from 'vitest/config';

// Tests in a real browser, one after another: against the stand-in server, or the one that FOOTFALL_URL names.
export default defineConfig({
  test: { environment: 'node', include: ['tests/**/*.test.ts'], testTimeout: 240_000, hookTimeout: 120_000, fileParallelism: false },
});
