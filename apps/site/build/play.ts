import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

const PLAYGROUND = join(ROOT, 'apps/playground/dist');

/** Tells the playground where this site says what its errors mean. */
const ERRORS = '<meta name="heed-errors" content="../errors/" />';

/**
 * Puts the built playground beside the pages, where menus lead to it.
 *
 * @throws Error where it hasn't been built
 */
export function takePlayground(site: string): void {
  if (!existsSync(PLAYGROUND))
    throw new Error('the site has the playground inside: build that first, as `pnpm site:build` does');
  const play = join(site, 'play');
  cpSync(PLAYGROUND, play, { recursive: true });
  const page = join(play, 'index.html');
  const html = readFileSync(page, 'utf8');
  writeFileSync(page, html.replace('<title>', `${ERRORS}$&`));
}
