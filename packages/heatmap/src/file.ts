import { checkOptions, type OptionNames } from '@heed/core/options';
import { HeedError } from '@heed/core/errors';
import type { AttentionMaps } from './attention-map.js';
import { renderCsv } from './csv.js';
import { renderHtml } from './html.js';
import { renderJson } from './json.js';
import { renderPng } from './png.js';
import { renderSvg } from './svg.js';

interface FileOptions {
  /** Of a page; see `HtmlOptions`. Other formats have none. */
  readonly title?: string;
}

const OPTIONS: OptionNames<FileOptions> = { title: true };

const RENDERERS = {
  svg: (maps: AttentionMaps) => renderSvg(maps),
  png: (maps: AttentionMaps) => renderPng(maps),
  html: (maps: AttentionMaps, { title }: FileOptions) => renderHtml(maps, { title }),
  csv: (maps: AttentionMaps) => renderCsv(maps),
  json: (maps: AttentionMaps) => renderJson(maps),
};

export type FileFormat = keyof typeof RENDERERS;

/** The forms a map can be written in; each is a file's extension. */
export const FILE_FORMATS = Object.keys(RENDERERS) as readonly FileFormat[];

/**
 * The form that a file's name asks for.
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

/** The contents of a file: text for all formats but PNG. */
export function renderFile(maps: AttentionMaps, format: FileFormat, options: FileOptions = {}): string | Uint8Array {
  checkOptions('renderFile', options, OPTIONS);
  return RENDERERS[format](maps, options);
}
