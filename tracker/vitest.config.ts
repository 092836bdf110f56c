import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { DEBUG: 'false', VERSION: '1' },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'test/scripts.ts',
    pool: 'threads',
    isolate: false
  }
})
