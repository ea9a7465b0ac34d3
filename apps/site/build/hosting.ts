import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

const { homepage, repository } = JSON.parse(readFileSync(join(ROOT, 'publishing.json'), 'utf8')) as {
  readonly homepage: string | null;
  readonly repository: string | null;
};

/** Address of the repository, as of a browser; undefined until publishing.json names one. */
export const REPOSITORY = repository ?? undefined;

/**
 * Path that the site is served below, with slashes around it: SITE_BASE, or that of the homepage that publishing.json names, or, as long
 * as there is none, /heed/, as of a project's pages on a shared host.
 */
const path = process.env['SITE_BASE'] ?? (homepage === null ? 'heed' : new URL(homepage).pathname);
export const BASE = `/${path}/`.replaceAll(/\/+/g, '/');
