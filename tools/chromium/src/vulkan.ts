import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Chromium's own files are, its software driver for Vulkan among them. */
const FOLDERS: readonly string[] = ['/usr/lib/chromium', '/opt/google/chrome', '/usr/lib/chromium-browser'];
const DRIVER = 'vk_swiftshader_icd.json';

/**
 * Environment in which a process finds Chromium's software driver for Vulkan, with which WebGPU computes in Node without a graphics card.
 * It has to be there when the process starts.
 *
 * @returns undefined where no installed Chromium has the driver
 */
export function softwareVulkan(): Readonly<Record<string, string>> | undefined {
  const folder = FOLDERS.find((folder) => existsSync(join(folder, DRIVER)));
  return folder === undefined ? undefined : { VK_DRIVER_FILES: join(folder, DRIVER), LD_LIBRARY_PATH: folder };
}
