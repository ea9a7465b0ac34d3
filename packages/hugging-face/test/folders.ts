import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const VECTORS = fileURLToPath(new URL('../../../vectors/hugging-face/', import.meta.url));

export const folderOf = (name: string): string => `${VECTORS}${name}`;

/** Names of the folders with numbers that transformers computed. */
export const FOLDERS: readonly string[] = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The files of a folder as a page has them, in memory, and some of them changed. */
export function filesIn(name: string, changed: Readonly<Record<string, Uint8Array | string | undefined>> = {}) {
  const folder = folderOf(name);
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files: Record<string, Uint8Array> = {};
  for (const { name: file } of names) files[file] = new Uint8Array(readFileSync(`${folder}/${file}`));
  for (const [file, content] of Object.entries(changed)) {
    delete files[file];
    if (content !== undefined) files[file] = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  }
  return files;
}

/** `config.json` of a folder with some fields changed. */
export function configOf(name: string, fields: Readonly<Record<string, unknown>>): string {
  const config = JSON.parse(readFileSync(`${folderOf(name)}/config.json`, 'utf8')) as object;
  return JSON.stringify({ ...config, ...fields });
}
