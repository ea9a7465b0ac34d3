import { fileFormatOf, renderFile, type AttentionMap, type FileFormat } from '@heed/heatmap';
import type { Host } from '../host.js';
import { UsageError } from '../usage-error.js';

/** The format of `--out`, told before the work is done. */
export function mapFormat(path: string): FileFormat {
  try {
    return fileFormatOf(path);
  } catch {
    throw new UsageError(
      `can't tell the format of ${JSON.stringify(path)}`,
      'end it with .svg, .png, .html, .csv or .json',
    );
  }
}

export function writeMaps(host: Host, path: string, maps: readonly AttentionMap[], title?: string): Promise<void> {
  return host.writeFile(path, renderFile(maps, mapFormat(path), { title }));
}
