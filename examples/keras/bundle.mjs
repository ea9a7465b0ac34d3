import { copyFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await rm(path('dist'), { recursive: true, force: true });
await build({
  entryPoints: [path('main.js')],
  outdir: path('dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
});
await copyFile(path('index.html'), path('dist/index.html'));
await copyFile(path('../../vectors/keras/models/seq2seq_additive/model.keras'), path('dist/model.keras'));
