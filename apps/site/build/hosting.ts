import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

/** What package.json of the root says of the project's places, once there are some. */
interface Manifest {
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}

const { homepage, repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** Address of the repository, as of a browser; undefined until package.json has one. */
export const REPOSITORY = (typeof repository === 'object' ? repository.url : repository)
  ?.replace(/^git\+/, '')
  .replace(/\.git$/, '');

/**
 * Path that the site is served below, with slashes around it: SITE_BASE, or that of the `homepage` of package.json, or, as long as
 * there is none, /heed/, as of a project's pages on a shared host.
 */
export const BASE = `/${process.env['SITE_BASE'] ?? (homepage === undefined ? 'heed' : new URL(homepage).pathname)}/`.replaceAll(
  /\/+/g,
  '/',
);
