// Licences of the packages whose code a bundle holds: most of them say that their text goes where the code goes.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Licences whose text need not go with the code. */
const ASK_NOTHING = new Set(['CC0-1.0', '0BSD', 'Unlicense']);

/**
 * @param metafile of esbuild
 * @param root     the folder that its paths start from
 * @returns the name, version and licence of each package from npm, and the text of it
 */
export async function licencesOf({ outputs }, root) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]));
  folders.delete(undefined);
  const parts = await Promise.all([...folders].map((folder) => licenceIn(join(root, folder))));
  return `${parts.toSorted().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function licenceIn(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  const head = `${name} ${version}, ${license}`;
  if (file === undefined && ASK_NOTHING.has(license)) return head;
  if (file === undefined) throw new Error(`${name} comes without the text of its licence, ${license}`);
  return `${head}\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
}
