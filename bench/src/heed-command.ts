import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const PACKAGE = '@heed/cli/package.json';
const { bin } = require(PACKAGE) as { readonly bin: { readonly heed: string } };

/** The file of the `heed` command, for `process.execPath`. */
export const HEED_COMMAND = join(dirname(require.resolve(PACKAGE)), bin.heed);
