// Bundles the page in which commands run for backends that need one: dist/web, which run-in-page.ts serves.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FACTS } from '@heed/backends/facts';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}/dist/web`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/page/main.ts'],
  outdir: 'dist/web',
  bundle: true,
  splitting: true,
  minify: true,
  keepNames: true, // of errors and engines
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  // Backends, and what commands that run here have of Node's: no page is asked for either.
  external: [
    ...FACTS.filter(({ runsIn }) => runsIn !== 'page').map((one) => one.package),
    'node:*',
    'onnxruntime-node',
    '@aws-sdk/client-s3',
    'bullmq',
    'chrome-launcher',
    'ioredis',
    'jiti',
    'playwright-core',
  ],
  // Of all that it brings, the gradients of TensorFlow.js's ops are what it is imported for.
  alias: { '@tensorflow/tfjs': '@tensorflow/tfjs-core/dist/register_all_gradients' },
  logLevel: 'warning',
});
