import { copyFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await rm(path('dist'), { recursive: true, force: true });
await build({
  entryPoints: [path('../page/main.js')],
  outdir: path('dist'),
  bundle: true,
  splitting: true, // unused code goes into files that aren't loaded
  format: 'esm',
  minify: true,
});
await copyFile(path('../page/index.html'), path('dist/index.html'));
