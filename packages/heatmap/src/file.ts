import { checkOptions, type OptionNames } from '@heed/base';
import { HeedError } from '@heed/base';
import type { AttentionMaps } from './attention-map.js';
import { renderCsv } from './csv.js';
import { renderHtml } from './html.js';
import { renderJson } from './json.js';
import { renderPng } from './png.js';
import { RENDER_OPTIONS, type RenderOptions } from './render-options.js';
import { renderSvg } from './svg.js';

interface FileOptions extends RenderOptions {
  /** Title of a page; see `HtmlOptions`. Other formats have none. */
  readonly title?: string;
}

const OPTIONS: OptionNames<FileOptions> = { ...RENDER_OPTIONS, title: true };

type Renderer = (maps: AttentionMaps, options: FileOptions) => string | Uint8Array;

const RENDERERS = {
  svg: renderSvg,
  png: renderPng,
  html: renderHtml,
  csv: renderCsv,
  json: renderJson,
} satisfies Record<string, Renderer>;

export type FileFormat = keyof typeof RENDERERS;

/** Formats that maps can be written in; each is the extension of a file. */
export const FILE_FORMATS = Object.keys(RENDERERS) as readonly FileFormat[];

/**
 * Format of a file, from the extension of its name.
 *
 * @throws HeedError UNKNOWN_NAME when the extension is none of `FILE_FORMATS`
 */
export function fileFormatOf(name: string): FileFormat {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase();
  const format = FILE_FORMATS.find((known) => known === extension);
  if (format === undefined) {
    throw new HeedError('UNKNOWN_NAME', {
      message: `can't tell the format of ${JSON.stringify(name)} by its extension`,
      hint: `end the name with ${FILE_FORMATS.map((known) => `.${known}`).join(', ')}`,
    });
  }
  return format;
}

/** Contents of a file in one of the formats: text, or bytes for PNG. */
export function renderFile(maps: AttentionMaps, format: FileFormat, options: FileOptions = {}): string | Uint8Array {
  checkOptions('renderFile', options, OPTIONS);
  // Only a page has a title, and CSV has only numbers.
  if (format === 'html') return renderHtml(maps, options);
  if (format === 'csv') return renderCsv(maps);
  const { domain, words } = options;
  if (format === 'json') return renderJson(maps, { domain });
  return RENDERERS[format](maps, { domain, words });
}
