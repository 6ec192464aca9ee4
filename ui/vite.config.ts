/** Builds `dist/`: plain files with relative addresses, nothing inline, so that `script-src 'self'` holds. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// `--mode kit` builds the page of components beside the app, into `dist-kit/`; it is never shipped.
export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte()],
  resolve: {
    alias: { $lib: at('./src/lib'), $views: at('./src/views') },
    // Without this vitest would take Svelte's server build.
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  build: {
    outDir: mode === 'kit' ? 'dist-kit' : 'dist',
    rollupOptions: { input: at(mode === 'kit' ? './kit.html' : './index.html') },
    target: ['es2022', 'safari16.4', 'chrome111'],
    modulePreload: { polyfill: false },
    // A data: font or picture would need a wider policy.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
  },
  server: {
    host: '127.0.0.1',
    // Stories and screens against a running bridge: BRIDGE=http://127.0.0.1:PORT npm run dev
    proxy: process.env.BRIDGE ? { '/ipc': { target: process.env.BRIDGE, changeOrigin: true } } : undefined,
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
  },
}));
