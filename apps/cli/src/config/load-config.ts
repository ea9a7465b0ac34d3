import { Console } from 'node:console';
import { factsOf } from '@heed/attention';
import { WITH_COMPOSED } from '@heed/backends/composed';
import { HeedError } from '@heed/base';
import { createJiti } from 'jiti';
import { Backends } from '../backends.js';
import { OWN, type Catalog } from '../catalog.js';
import { withoutHint } from '../usage-error.js';
import { checkConfig } from './check-config.js';
import type { ConfigFile } from './find-config.js';

/**
 * Runs a configuration file and adds what it brings to what Heed has.
 *
 * @throws HeedError CONFIG_INVALID for whatever is wrong with it, with the file and the reason
 */
export async function loadConfig(file: ConfigFile): Promise<Catalog> {
  // Standard output is for results, which programs read; what a file says while it loads, and later, isn't one.
  globalThis.console = new Console(process.stderr);
  try {
    const { exported } = await defaultOf(file.path);
    const brought = checkConfig(file, exported);
    return {
      backends: new Backends([...WITH_COMPOSED, ...brought.backends]),
      mechanisms: [...OWN.mechanisms, ...brought.mechanisms.map(factsOf)],
      brought,
    };
  } catch (error) {
    throw asInvalid(file, error);
  }
}

/** TypeScript is translated, not checked, on every version of Node; nothing is written beside the file. */
export async function defaultOf(path: string): Promise<{ readonly exported: unknown }> {
  const jiti = createJiti(import.meta.url, { fsCache: false, interopDefault: false });
  const { default: exported } = await jiti.import<{ readonly default?: unknown }>(path);
  // A module that was compiled to CommonJS has its own default export inside of that.
  const isCompiled = typeof exported === 'object' && exported !== null && '__esModule' in exported;
  return { exported: isCompiled && 'default' in exported ? exported.default : exported };
}

function asInvalid({ shown }: ConfigFile, error: unknown): HeedError {
  if (HeedError.isInstance(error, 'CONFIG_INVALID') && error.message.startsWith(shown)) return error;
  return new HeedError('CONFIG_INVALID', { message: `${shown}: ${reasonOf(error)}`, cause: error });
}

/** Anything can be thrown, also what can't be made a text. */
export function reasonOf(error: unknown): string {
  try {
    if (HeedError.isInstance(error)) return withoutHint(error.message, error.hint);
    const reason = error instanceof Error ? error.message : String(error);
    return reason.trim() === '' ? 'it failed without saying why' : reason;
  } catch {
    return 'it failed, and what it threw says nothing';
  }
}
