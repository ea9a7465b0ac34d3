// Writes src/dates/cldr.ts: the date formats of the running Node's ICU. Run it after `tsc -b` and format what it wrote:
//   node packages/datasets/scripts/freeze-dates.mjs && oxfmt packages/datasets/src/dates/cldr.ts
// Another release of CLDR gives other data: a model belongs to the file that it was trained with.
import { writeFile } from 'node:fs/promises';
import { freezeFormats } from '../dist/dates/freeze.js';

const { cldr, icu } = process.versions;
const target = new URL('../src/dates/cldr.ts', import.meta.url);
// Escapes spaces and marks that are invisible in the file.
const escape = (json) =>
  json.replaceAll(/[\p{Cf}\p{Zs}]/gu, (c) => (c === ' ' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`));
await writeFile(
  target,
  `import type { FrozenFormats } from './styles.js';

/**
 * Date formats of the Unicode Common Locale Data Repository, © Unicode, Inc. and contributors, Unicode License v3
 * (https://www.unicode.org/license.txt). Written by scripts/freeze-dates.mjs.
 */
export const CLDR_DATES: FrozenFormats = ${escape(JSON.stringify(freezeFormats({ cldr, icu })))};
`,
);
console.log(`${target.pathname}: CLDR ${cldr}, ICU ${icu}`);
