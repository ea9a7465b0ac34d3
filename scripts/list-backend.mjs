// What `pnpm new:backend` changes in packages/backends: the facts and the loader of the new one, and what stands in need of it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files of the list with a new backend in them, as the last of all; none where the workspace has no list.
 *
 * @param name     'my-gpu', of packages/backend-my-gpu
 * @param factory  what that package exports: 'myGpu'
 * @returns paths, each with its new text
 */
export async function listed(workspace, name, factory) {
  const folder = join(workspace, 'packages', 'backends');
  const changes = Object.entries(changesFor(name, factory));
  const texts = await Promise.all(changes.map(([file]) => readFile(join(folder, file), 'utf8'))).catch((error) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (texts === undefined) return [];
  const known = new RegExp(`backend-${name}['"]`);
  return changes.map(([file, change], n) => [
    join(folder, file),
    known.test(texts[n]) ? texts[n] : change(texts[n], file),
  ]);
}

const changesFor = (name, factory) => ({
  'src/facts.ts': insert(
    '] as const satisfies',
    `  {
    name: '${name}',
    package: '@heed/backend-${name}',
    description: 'what it is made of, in one line',
    runsIn: 'anywhere',
    settings: {},
  },
`,
  ),
  'src/loaders.ts': insert(
    '};\n',
    `  ${key(name)}: async () => (await import('@heed/backend-${name}')).${factory}(),\n`,
  ),
  'tsconfig.json': insert('    { "path": "../backend-cpu" }', `    { "path": "../backend-${name}" },\n`),
  'package.json': (text) => {
    const manifest = JSON.parse(text);
    const all = { ...manifest.dependencies, [`@heed/backend-${name}`]: 'workspace:^' };
    const dependencies = Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return `${JSON.stringify({ ...manifest, dependencies }, null, 2)}\n`;
  },
});

/** 'my-gpu' as a key of an object. */
const key = (name) => (/^\w+$/.test(name) ? name : `'${name}'`);

/** Puts lines before the last place where the text has these characters. */
const insert = (place, lines) => (text, file) => {
  const at = text.lastIndexOf(place);
  if (at < 0)
    throw new Error(`packages/backends/${file} has lost ${JSON.stringify(place)}, before which a backend is added`);
  return text.slice(0, at) + lines + text.slice(at);
};
