import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { offline } from './build/offline.js';

/** What lets memory be shared, and so gives threads, where the server can set headers. */
const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  base: './', // the built page works from any path
  plugins: [svelte(), offline()],
  build: { target: 'es2022', chunkSizeWarningLimit: 1500, assetsInlineLimit: 0 },
  worker: {
    format: 'es',
    // By itself the entry would be one file with all that it imports; see worker/main.ts.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'handlers', test: /worker\/handlers\.ts$/ }] } } },
  },
  server: { headers: ISOLATION },
  preview: { headers: ISOLATION },
});
