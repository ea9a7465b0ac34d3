import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { publishedPackages, type Published } from '../../scripts/packages.mjs';

/** Entries with more than a README can tell, much of it for other packages: their reference has all of it. */
const HAVE_A_REFERENCE = [
  'heed', // what it exports is core's and attention's
  '@heed/attention',
  '@heed/attention/facts',
  '@heed/attention/math-ml',
  '@heed/attention/schema',
  '@heed/conformance',
  '@heed/core',
  '@heed/core/model-ops',
  '@heed/datasets',
  '@heed/datasets/settings',
  '@heed/hugging-face/families',
  '@heed/networks',
  '@heed/networks/host',
  '@heed/nn',
  '@heed/nn/node',
  '@heed/tasks',
  '@heed/tasks/readings',
];

test('a README names everything that its package exports', async () => {
  const entries = (await publishedPackages()).flatMap(entriesOf);
  const exported = await exportsOf(entries.map(({ file }) => file));
  const untold: Record<string, string[]> = {};
  for (const [n, { name, folder }] of entries.entries()) {
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const missing = exported[n]!.filter((one) => !new RegExp(`\\b${one}\\b`).test(readme));
    if (missing.length > 0) untold[name] = missing;
  }
  for (const name of HAVE_A_REFERENCE) {
    expect(untold, `${name} leaves nothing out: take it off the list`).toHaveProperty([name]);
    delete untold[name];
  }
  expect(untold).toEqual({});
});

/** What one can import of a package: those of its entries that have types. */
function entriesOf({ folder, manifest }: Published): { name: string; folder: string; file: string }[] {
  return Object.entries(manifest.exports).flatMap(([entry, target]) =>
    typeof target === 'object' && target !== null && 'types' in target && 'default' in target
      ? [{ name: `${manifest.name}${entry.slice(1)}`, folder, file: join(folder, String(target.default)) }]
      : [],
  );
}

/** Names that each file exports, by import: types aren't among them. One process does all, since loading TensorFlow.js takes longest. */
async function exportsOf(files: readonly string[]): Promise<string[][]> {
  const script = `
    const names = [];
    for (const file of ${JSON.stringify(files.map((file) => pathToFileURL(file)))}) names.push(Object.keys(await import(file)));
    console.log(JSON.stringify(names));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as string[][];
}
