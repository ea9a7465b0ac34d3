// Bundles how each task reads and writes texts: dist/readings, of which heed export writes one beside a model.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as readings from '@heed/tasks/readings';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}/dist/readings`, { recursive: true, force: true });
for (const name of Object.keys(readings)) {
  await build({
    absWorkingDir: root,
    stdin: { contents: `export { ${name} as reading } from '@heed/tasks/readings';`, resolveDir: root },
    outfile: `dist/readings/${name}.mjs`,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    // Texts of other alphabets stay as they are.
    charset: 'utf8',
    banner: { js: `// How the task '${name}' of Heed reads and writes texts. Apache-2.0.` },
    logLevel: 'warning',
  });
}
