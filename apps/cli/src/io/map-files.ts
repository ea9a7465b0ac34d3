import {
  fileFormatOf,
  missingInOverlayPng,
  missingInPng,
  renderFile,
  renderOverlayFile,
  type AttentionMap,
  type AttentionOverlay,
  type FileFormat,
} from '@heed/heatmap';
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

/** Writes them, and says on standard error what a picture couldn't draw. */
export async function writeMaps(
  host: Host,
  path: string,
  maps: readonly AttentionMap[],
  title?: string,
): Promise<void> {
  const format = mapFormat(path);
  await host.writeFile(path, renderFile(maps, format, { title }));
  const missing = format === 'png' ? missingInPng(maps) : [];
  if (missing.length > 0) host.output.note(noteOf(path, missing));
}

/** Writes maps over pictures, in the same way. */
export async function writeOverlays(host: Host, path: string, overlays: readonly AttentionOverlay[]): Promise<void> {
  const format = mapFormat(path);
  await host.writeFile(path, renderOverlayFile(overlays, format, { drawn: 'cells' }));
  const missing = format === 'png' ? missingInOverlayPng(overlays) : [];
  if (missing.length > 0) host.output.note(noteOf(path, missing));
}

function noteOf(path: string, missing: readonly string[]): string {
  const some = missing.slice(0, MOST_NAMED).join(' ');
  const more = missing.length > MOST_NAMED ? ` and ${missing.length - MOST_NAMED} others` : '';
  return `${path}: PNG's font lacks ${some}${more}, written as code points like <4E2D>; .svg and .html show every character`;
}

const MOST_NAMED = 8;
