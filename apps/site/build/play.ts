import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

const PLAYGROUND = join(ROOT, 'apps/playground/dist');

/**
 * Puts the built playground beside the pages, where menus lead to it.
 *
 * @throws Error where it hasn't been built
 */
export function takePlayground(site: string): void {
  if (!existsSync(PLAYGROUND))
    throw new Error('the site has the playground inside: build that first, as `pnpm site:build` does');
  cpSync(PLAYGROUND, join(site, 'play'), { recursive: true });
}
