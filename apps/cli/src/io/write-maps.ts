import { fileFormatOf, renderFile, renderTerminal, type AttentionMap, type FileFormat } from '@heed/heatmap';
import { UsageError } from '../usage-error.js';
import { colorLevel } from './colors.js';
import { writeWhole } from './files.js';

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

export function writeMaps(path: string, maps: readonly AttentionMap[]): Promise<void> {
  return writeWhole(path, renderFile(maps, mapFormat(path)));
}

/** As standard output shows it: its colours, its width. */
export function drawMaps(maps: readonly AttentionMap[]): string {
  const level = colorLevel(process.stdout);
  const colors = level === 3 ? 'truecolor' : level === 2 ? 'ansi256' : 'plain';
  return renderTerminal(maps, { colors, width: process.stdout.columns ?? 80, limit: MOST_LINES });
}

// A map of more rows can't be seen at once; --out has all of it.
const MOST_LINES = 64;
