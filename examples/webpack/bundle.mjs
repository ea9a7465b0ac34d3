import { copyFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import webpack from 'webpack';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const stats = await new Promise((resolve, reject) => {
  webpack(
    {
      mode: 'production',
      entry: path('../page/main.js'),
      output: { path: path('dist'), filename: 'main.js', clean: true },
      performance: false, // webpack would warn about the size of the engine's files
    },
    (error, result) => (error ? reject(error) : resolve(result)),
  );
});
if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
await copyFile(path('../page/index.html'), path('dist/index.html'));
