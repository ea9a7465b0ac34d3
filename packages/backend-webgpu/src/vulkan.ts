import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

/** Where Chromium's and Chrome's own files are, among them a loader of Vulkan and a driver that computes in software. */
const FOLDERS: readonly string[] = ['/usr/lib/chromium', '/opt/google/chrome', '/usr/lib/chromium-browser'];
const LOADER = 'libvulkan.so.1';
const DRIVER = 'vk_swiftshader_icd.json';
/** The variable by which the loader is told of drivers, instead of those of the system. */
const DRIVERS = 'VK_DRIVER_FILES';

/**
 * Loads the loader of Vulkan into this process, of the system or else, where it may, of Chromium: Dawn asks for it by its name, and is
 * given what is loaded already.
 *
 * @returns whose it is; undefined where there is none
 */
export function loadVulkan(orOfChromium: boolean): 'system' | 'chromium' | undefined {
  if (staysLoaded(LOADER)) return 'system';
  const isLoaded = orOfChromium && foldersWith(LOADER).some((folder) => staysLoaded(join(folder, LOADER)));
  return isLoaded ? 'chromium' : undefined;
}

/** Does what looks for drivers, which finds the software driver of Chromium; the driver that the user names has priority. */
export async function withSoftwareDriver<T>(look: () => Promise<T>): Promise<T> {
  const [folder] = foldersWith(DRIVER);
  if (folder === undefined || process.env[DRIVERS] !== undefined) return look();
  process.env[DRIVERS] = join(folder, DRIVER);
  try {
    return await look();
  } finally {
    delete process.env[DRIVERS];
  }
}

const foldersWith = (file: string): string[] => FOLDERS.filter((folder) => existsSync(join(folder, file)));

/** Of `dlfcn.h`: what was loaded stays when it is closed, which Node does with a library that isn't made for it. */
const RTLD_NODELETE = 0x1000;

function staysLoaded(library: string): boolean {
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch (error) {
    // It was loaded, and Node found nothing of its own in it.
    return (error as Error).message.includes('did not self-register');
  }
  return true;
}
