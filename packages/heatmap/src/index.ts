export {
  sharedDomain,
  type AttentionMap,
  type AttentionMaps,
  type Domain,
  type DomainOptions,
  type LabelledMap,
} from './attention-map.js';
export type { Theme } from './color.js';
export { renderCsv } from './csv.js';
export { FILE_FORMATS, fileFormatOf, renderFile, type FileFormat } from './file.js';
export { renderHtml, type HtmlOptions } from './html.js';
export { renderJson } from './json.js';
export * from './overlay/index.js';
export { missingInPng, renderPng, type PngOptions } from './png.js';
export type { RenderOptions } from './render-options.js';
export { readMaps, type ReadMaps } from './read-maps.js';
export { renderSvg, type SvgOptions } from './svg.js';
export { renderTerminal, type TerminalOptions } from './terminal.js';
export { shortest } from './text.js';
export { ENGLISH, type MapWords } from './words.js';
