import { checkOptions, type OptionNames } from '@heed/core/options';
import {
  checkMaps,
  DOMAIN_OPTIONS,
  domainOf,
  type AttentionMaps,
  type CheckedMap,
  type DomainOptions,
} from './attention-map.js';
import { hex, THEMES, type Theme } from './color.js';
import { drawPanel, FONT, layOutPanel } from './panel.js';
import { clean } from './text.js';
import { escapeXml } from './xml.js';

export interface SvgOptions extends DomainOptions {
  /** 'auto' (the default) follows the reader's system. */
  readonly theme?: Theme | 'auto';
}

const OPTIONS: OptionNames<SvgOptions> = { ...DOMAIN_OPTIONS, theme: true };

/** A standalone SVG document; every cell tells its labels and weight to a pointer or a screen reader. */
export function renderSvg(maps: AttentionMaps, given: SvgOptions = {}): string {
  checkOptions('renderSvg', given, OPTIONS);
  const { theme = 'auto', ...options } = given;
  const checked = checkMaps(maps);
  const domain = domainOf(checked, options);
  const drawn = checked.map((map) => {
    const layout = layOutPanel(map, domain);
    return { ...layout, content: drawPanel(map, domain, layout) };
  });
  const width = Math.max(...drawn.map((panel) => panel.width));
  const height = drawn.reduce((sum, panel) => sum + panel.height, 0);
  let top = 0;
  const panels = drawn.map((panel) => {
    const group = `<g transform="translate(0 ${top})">${panel.content}</g>`;
    top += panel.height;
    return group;
  });
  const label = escapeXml(checked.map(summary).join('; ').slice(0, 1000));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${label}" class="heed-map">${style(theme)}` +
    `<rect class="heed-background" width="${width}" height="${height}"/>${panels.join('')}</svg>\n`
  );
}

/** "title: 7 rows (output) by 9 columns (input)" */
export function summary({ title, rows, columns, rowAxis, columnAxis }: CheckedMap): string {
  const size = `${rows} rows (${clean(rowAxis)}) by ${columns} columns (${clean(columnAxis)})`;
  return title === '' ? `Attention map, ${size}` : `${clean(title)}: ${size}`;
}

function style(theme: Theme | 'auto'): string {
  const rules = (name: Theme): string => {
    const { background, text, faint } = THEMES[name];
    return (
      `.heed-map text{fill:${hex(text)}}.heed-map .heed-axis{fill:${hex(faint)}}` +
      `.heed-map .heed-background{fill:${hex(background)}}`
    );
  };
  const font = `.heed-map text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}.heed-map .heed-title{font-weight:bold}`;
  const colors =
    theme === 'auto' ? `${rules('light')}@media(prefers-color-scheme:dark){${rules('dark')}}` : rules(theme);
  return `<style>${font}${colors}</style>`;
}
