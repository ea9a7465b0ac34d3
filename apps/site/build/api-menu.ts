import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDER } from './collect.js';

/** Address of the first page of the API reference. */
export const API = '/api/';

/** Pages of the API reference, by the name that one imports; scripts/api.mjs has written them. None, where it hasn't yet. */
export function apiPages(): { readonly text: string; readonly link: string }[] {
  const written = join(FOLDER, 'api', 'navigation.json');
  if (!existsSync(written)) return [];
  const modules = JSON.parse(readFileSync(written, 'utf8')) as { readonly title: string; readonly path: string }[];
  return modules.map(({ title, path }) => ({ text: title, link: `${API}${path.replace(/\.md$/, '')}` }));
}
