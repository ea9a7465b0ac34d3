import { access, constants, stat } from 'node:fs/promises';
import { HeedError } from '@heed/base';

const HOW =
  'install Chrome or Chromium (Debian: apt-get install chromium), or say where one is with --browser PATH or CHROME_PATH';

/**
 * Where the browser is to be found: as named, else as CHROME_PATH says, else where Chrome and Chromium are usually installed.
 *
 * @param backend  the backend that needs it, for messages
 * @throws HeedError BACKEND_UNAVAILABLE
 */
export async function findBrowser(named: string | undefined, backend: string): Promise<string> {
  const path = named ?? process.env['CHROME_PATH'];
  if (path === undefined || path === '') return installed(backend);
  if (!(await isProgram(path))) {
    throw new HeedError('BACKEND_UNAVAILABLE', {
      message: `${backend} runs in a browser, and ${JSON.stringify(path)} is no program`,
      hint: HOW,
      details: { path },
    });
  }
  return path;
}

async function installed(backend: string): Promise<string> {
  const { Launcher } = await import('chrome-launcher');
  let path: string | undefined;
  try {
    path = Launcher.getFirstInstallation();
  } catch {
    // There is none, which it throws on some systems.
  }
  if (path !== undefined) return path;
  throw new HeedError('BACKEND_UNAVAILABLE', {
    message: `${backend} runs in a browser, and none was found`,
    hint: HOW,
  });
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
