// Copies the .wasm file of TensorFlow.js's engine to src/modules/ as base64, so that in a page it is where the package is. It
// is TensorFlow.js's, under Apache-2.0: see NOTICE.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const target = fileURLToPath(new URL('../src/modules/', import.meta.url));

mkdirSync(target, { recursive: true });
const bytes = readFileSync(join(folder, 'tfjs-backend-wasm-simd.wasm'));
const text = [
  '// Made by scripts/embed-engine.mjs from @tensorflow/tfjs-backend-wasm: Copyright Google LLC, Apache-2.0.',
  `export const BASE64: string =\n  '${bytes.toString('base64')}';`,
];
writeFileSync(join(target, 'engine.generated.ts'), `${text.join('\n')}\n`);
