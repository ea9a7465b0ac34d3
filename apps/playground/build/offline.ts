import { readFile } from 'node:fs/promises';
import type { Plugin, Rolldown } from 'vite';

/** Files of `public/`, which no bundle lists. */
const PUBLIC = ['icon.svg', 'NOTICE.txt'];

/**
 * Vite plugin that writes the service worker and `offline-files.json`. The first is `offline-worker.js` with two lists of names: of
 * all files of the page, and of those that it starts with. The second has names and sizes of all files, for a page that keeps
 * them all.
 */
export function offline(): Plugin {
  return {
    name: 'offline',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const source = await readFile(new URL('offline-worker.js', import.meta.url), 'utf8');
      const own = Object.keys(bundle)
        .filter((name) => !name.endsWith('.map'))
        .toSorted();
      const files = ['./', ...own.filter((name) => name !== 'index.html'), ...PUBLIC];
      const values = { FILES: files, SHELL: ['./', ...beginning(bundle), 'icon.svg'] };
      const constants = Object.entries(values).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};\n`);
      this.emitFile({ type: 'asset', fileName: 'offline-worker.js', source: constants.join('') + source });
      const sizes = Object.fromEntries(own.map((name) => [name, sizeOf(bundle[name])]));
      this.emitFile({ type: 'asset', fileName: 'offline-files.json', source: JSON.stringify(sizes) });
    },
  };
}

type File = Rolldown.OutputBundle[string];

const sizeOf = (file: File): number => Buffer.byteLength(file.type === 'chunk' ? file.code : file.source);

/** Files that `index.html` needs at once: the entry, the chunks that it imports statically, and their styles. */
function beginning(bundle: Rolldown.OutputBundle): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    const file = bundle[name];
    if (file?.type !== 'chunk' || found.has(name)) return;
    found.add(name);
    file.imports.forEach(visit);
    for (const style of file.viteMetadata?.importedCss ?? []) found.add(style);
  };
  Object.keys(bundle).forEach((name) => {
    const file = bundle[name];
    if (file.type === 'chunk' && file.isEntry) visit(name);
  });
  return [...found];
}
