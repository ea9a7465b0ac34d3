import { checkOptions, type OptionNames } from '@heed/base';
import type { FileFormat } from '../file.js';
import type { AttentionOverlays } from './attention-overlay.js';
import { renderOverlayHtml } from './html.js';
import { renderOverlayCsv, renderOverlayJson } from './numbers.js';
import { renderOverlayPng } from './png.js';
import { OVERLAY_OPTIONS, type OverlayOptions } from './scale.js';
import { renderOverlaySvg } from './svg.js';

interface OverlayFileOptions extends OverlayOptions {
  /** Title of a page; see `OverlayHtmlOptions`. Other formats have none. */
  readonly title?: string;
}

const OPTIONS: OptionNames<OverlayFileOptions> = { ...OVERLAY_OPTIONS, title: true };

type Renderer = (overlays: AttentionOverlays, options: OverlayFileOptions) => string | Uint8Array;

const untitled = ({ domain, scale, drawn, words }: OverlayFileOptions): OverlayOptions => ({
  domain,
  scale,
  drawn,
  words,
});

const RENDERERS: Readonly<Record<FileFormat, Renderer>> = {
  svg: (overlays, options) => renderOverlaySvg(overlays, untitled(options)),
  png: (overlays, options) => renderOverlayPng(overlays, untitled(options)),
  html: renderOverlayHtml,
  csv: (overlays, { words }) => renderOverlayCsv(overlays, { words }),
  json: (overlays, { domain }) => renderOverlayJson(overlays, { domain }),
};

/** Contents of a file of overlays in one of the formats that maps have: text, or bytes for PNG. */
export function renderOverlayFile(
  overlays: AttentionOverlays,
  format: FileFormat,
  options: OverlayFileOptions = {},
): string | Uint8Array {
  checkOptions('renderOverlayFile', options, OPTIONS);
  return RENDERERS[format](overlays, options);
}
