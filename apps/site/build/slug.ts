import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

const errors = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
const CODES = new Set([...errors.matchAll(/^##+ ([A-Z_]+)$/gm)].map(([, code]) => code));

/**
 * Anchor of a heading, as on GitHub, so that a link to it works there and here. Error codes keep their capitals: their addresses are
 * `/errors#CODE`.
 */
export const slug = (heading: string): string =>
  CODES.has(heading)
    ? heading
    : heading
        .trim()
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
        .replaceAll(' ', '-');
