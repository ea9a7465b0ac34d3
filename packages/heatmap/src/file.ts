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
  /** Of a page; see `HtmlOptions`. Other formats have none. */
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
  // A title is a page's; CSV has numbers only.
  if (format === 'html') return renderHtml(maps, options);
  if (format === 'csv') return renderCsv(maps);
  const { domain, words } = options;
  if (format === 'json') return renderJson(maps, { domain });
  return RENDERERS[format](maps, { domain, words });
}
