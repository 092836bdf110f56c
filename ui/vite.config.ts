import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { worldMap } from './build/world-map.ts';

// Addresses in the built pages are relative to <base>, so the server can mount the UI anywhere.
export default defineConfig({
  base: './',
  plugins: [svelte(), worldMap()],
  build: { manifest: true, target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { port: 18103, proxy: { '/api': process.env.FOOTFALL_URL ?? 'http://127.0.0.1:18102' } },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: { environment: 'jsdom', include: ['src/**/*.test.ts'], setupFiles: ['./build/test-setup.ts'] },
});
