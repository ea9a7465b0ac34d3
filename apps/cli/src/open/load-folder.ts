import { loadPretrained, MOST_BYTES, type PretrainedModel } from '@heed/hugging-face';
import type { Host } from '../host.js';
import { filesOf } from './files.js';

/**
 * The pretrained model of a folder, of a family of ours or of a plugin.
 *
 * @throws UsageError for what is no folder; HeedError FILE_TOO_LARGE for more than is free here, and as `loadPretrained`
 */
export async function loadFolder(host: Host, folder: string): Promise<PretrainedModel> {
  const { families } = host.brought;
  const free = host.freeMemory?.() ?? Infinity;
  return loadPretrained(await filesOf(host, folder), {
    families,
    maxBytes: Math.min(MOST_BYTES, free),
  });
}
