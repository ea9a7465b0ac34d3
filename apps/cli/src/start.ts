import { findConfig, takeConfig } from './config/find-config.js';

/**
 * Runs the command: as one bundle, which loads fast, or as modules when there is a configuration file, since what that brings has to
 * be made with the same packages as the command.
 *
 * @param asModules loads the same program unbundled
 */
export async function start(asModules: () => Promise<unknown>): Promise<void> {
  await (hasConfig() ? asModules() : import('./main.js'));
}

/** Whether there is anything to read; what is wrong with it is the program's to tell. */
function hasConfig(): boolean {
  try {
    return findConfig(takeConfig(process.argv.slice(2)).named) !== undefined;
  } catch {
    return false;
  }
}
