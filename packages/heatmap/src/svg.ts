import { checkOptions, HeedError, type OptionNames } from '@heed/base';
import { checkMaps, domainOf, type AttentionMaps, type CheckedMap } from './attention-map.js';
import { hex, THEMES, type Theme } from './color.js';
import { FONT } from './measure.js';
import { drawPanel, layOutPanel, panelStyle, type PanelLayout } from './panel.js';
import { RENDER_OPTIONS, type RenderOptions } from './render-options.js';
import { ENGLISH } from './words.js';
import { escapeXml } from './xml.js';

export interface SvgOptions extends RenderOptions {
  /** Theme; 'auto' (the default) is that of the reader's system. */
  readonly theme?: Theme | 'auto';
  /** Number of rows of each map that can be seen: the others are covered and keep their room, as while a map is being made. Default all. */
  readonly rows?: number;
}

const OPTIONS: OptionNames<SvgOptions> = { ...RENDER_OPTIONS, theme: true, rows: true };

/** Maps as a standalone SVG document. Each cell shows its labels and weight to a pointer and a screen reader. */
export function renderSvg(maps: AttentionMaps, given: SvgOptions = {}): string {
  checkOptions('renderSvg', given, OPTIONS);
  const { theme = 'auto', words = ENGLISH, rows = Infinity, ...options } = given;
  checkRows(rows);
  const checked = checkMaps(maps);
  const look = { domain: domainOf(checked, options), words };
  const drawn = checked.map((map) => {
    const layout = layOutPanel(map, look);
    return { ...layout, content: drawPanel(map, look, layout) + coverRows(map, layout, rows) };
  });
  const width = Math.max(...drawn.map((panel) => panel.width));
  const height = drawn.reduce((sum, panel) => sum + panel.height, 0);
  let top = 0;
  const panels = drawn.map((panel) => {
    const group = `<g transform="translate(0 ${top})">${panel.content}</g>`;
    top += panel.height;
    return group;
  });
  const label = escapeXml(
    checked
      .map((map) => words.summary(map))
      .join('; ')
      .slice(0, 1000),
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `role="img" aria-label="${label}" class="heed-map">${svgStyle(theme)}` +
    `<rect class="heed-background" width="${width}" height="${height}"/>${panels.join('')}</svg>\n`
  );
}

function checkRows(rows: number): void {
  if (rows === Infinity || (Number.isInteger(rows) && rows >= 0)) return;
  throw new HeedError('INVALID_ARGUMENT', { message: `renderSvg: rows is ${rows}`, hint: 'a whole number, from 0' });
}

/** What lies over the rows that can't be seen yet, and over their labels. */
function coverRows({ rows: all }: CheckedMap, { top, cell, width, rowsLeft }: PanelLayout, rows: number): string {
  if (rows >= all) return '';
  return `<rect class="heed-background" x="${rowsLeft}" y="${top + rows * cell}" width="${width - rowsLeft}" height="${(all - rows) * cell}"/>`;
}

/** Style element of a standalone drawing: its font, and its colours in a theme or as the reader's system has them. */
export function svgStyle(theme: Theme | 'auto', more: (theme: Theme) => string = () => ''): string {
  const rules = (name: Theme): string => {
    const { background, text, faint } = THEMES[name];
    return (
      `.heed-map text{fill:${hex(text)}}.heed-map .heed-axis{fill:${hex(faint)}}` +
      `.heed-map .heed-background{fill:${hex(background)}}${panelStyle('.heed-map', hex(faint))}${more(name)}`
    );
  };
  const font = `.heed-map text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}`;
  const colors =
    theme === 'auto' ? `${rules('light')}@media(prefers-color-scheme:dark){${rules('dark')}}` : rules(theme);
  return `<style>${font}${colors}</style>`;
}
