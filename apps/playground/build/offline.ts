import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

/**
 * Writes the service worker: the one in `offline-worker.js` with the names of all files of the page, and a version that changes
 * with any of them.
 */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const source = await readFile(new URL('offline-worker.js', import.meta.url), 'utf8');
      const files = Object.keys(bundle)
        .filter((name) => !name.endsWith('.map'))
        .toSorted();
      const hash = createHash('sha256').update(source);
      for (const name of files) {
        const file = bundle[name]!;
        hash.update(name).update(file.type === 'chunk' ? file.code : file.source);
      }
      const version = hash.digest('hex').slice(0, 16);
      const values = `const VERSION = ${JSON.stringify(version)};\nconst FILES = ${JSON.stringify(['./', ...files, ...PUBLIC])};\n`;
      this.emitFile({ type: 'asset', fileName: 'offline-worker.js', source: values + source });
    },
  };
}

/** What lies in `public/`, which no bundle lists. */
const PUBLIC = ['icon.svg', 'NOTICE.txt'];
