import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { DEBUG: 'false', VERSION: '1' },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'test/scripts.ts',
    // Nothing here is measured in time, and the machine may be busy.
    testTimeout: 120_000,
    pool: 'threads',
    isolate: false
  }
})
