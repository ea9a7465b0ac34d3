import { HeedError } from '@heed/base';
import { OWN, type Catalog } from '../catalog.js';
import { findConfig, type ConfigFile } from './find-config.js';

/**
 * What commands know: more than Heed's own where `--config` or the working folder has a configuration file, which is run for it.
 * Without one nothing is loaded.
 *
 * @param fail ends this process with an error, when the file itself would end it
 * @throws HeedError CONFIG_INVALID
 */
export async function readCatalog(named: string | undefined, fail: (error: HeedError) => void): Promise<Catalog> {
  const file = findConfig(named);
  if (file === undefined) return OWN;
  const { loadConfig } = await import('./load-config.js');
  const stop = watching(file, fail);
  try {
    return await loadConfig(file);
  } finally {
    stop();
  }
}

/** A file may end the process, wait for what never comes, or fail in what it started and doesn't wait for. */
function watching({ shown }: ConfigFile, fail: (error: HeedError) => void): () => void {
  const invalid = (message: string): void => fail(new HeedError('CONFIG_INVALID', { message: `${shown}: ${message}` }));
  const ended = (): void => invalid('it ended the process, or waited for what never comes');
  const failed = (error: unknown): void => {
    process.off('exit', ended);
    invalid(`what it started failed: ${error instanceof Error ? error.message : typeof error}`);
    process.exit();
  };
  process.on('exit', ended);
  process.on('uncaughtException', failed);
  return () => {
    process.off('exit', ended);
    process.off('uncaughtException', failed);
  };
}
