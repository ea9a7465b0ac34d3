import { checkOptions, type OptionNames } from '@heed/base';
import { checkMaps, domainOf, type AttentionMaps, type CheckedMap, type Domain } from './attention-map.js';
import { page } from './html-page.js';
import { isLarge } from './panel.js';
import { RENDER_OPTIONS, type RenderOptions } from './render-options.js';
import { renderSvg } from './svg.js';
import { renderTable } from './table.js';
import { clean } from './text.js';
import { ENGLISH, type MapWords } from './words.js';
import { escapeXml } from './xml.js';

export interface HtmlOptions extends RenderOptions {
  /** Title of the document. Default: the title of the map if there is one map, else 'Attention maps'. */
  readonly title?: string;
}

const OPTIONS: OptionNames<HtmlOptions> = { ...RENDER_OPTIONS, title: true };

/**
 * Maps as a page that needs no other file: no scripts, no requests (its policy forbids both). The maps are inline SVG and tables,
 * light or dark as the reader's system is.
 */
export function renderHtml(maps: AttentionMaps, given: HtmlOptions = {}): string {
  checkOptions('renderHtml', given, OPTIONS);
  const { title, words = ENGLISH, ...options } = given;
  const checked = checkMaps(maps);
  const domain = domainOf(checked, options);
  const only = checked.length === 1 ? checked[0].title : '';
  const heading = title ?? (only === '' ? 'Attention maps' : only);
  const sections = checked.map((map) => section(map, { domain, words }, checked.length > 1));
  return page({
    heading,
    language: words.language,
    style: 'svg{max-width:none}td.masked{font-style:italic;opacity:.7}',
    sections,
  });
}

function section(map: CheckedMap, look: { domain: Domain; words: MapWords }, titled: boolean): string {
  const { words } = look;
  const caption = escapeXml(words.summary(map));
  // The heading already has the title.
  const svg = renderSvg({ ...map, title: '' }, look).trimEnd();
  const table = isLarge(map)
    ? `<p>${caption}. ${escapeXml(words.noTable)}</p>`
    : `<details><summary>${escapeXml(words.table)}</summary><div class="scroll">${renderTable(map, caption, words)}</div></details>`;
  const heading = !titled || map.title === '' ? '' : `<h2>${escapeXml(clean(map.title))}</h2>\n`;
  return `<section>\n${heading}<div class="scroll">${svg}</div>\n${table}\n</section>`;
}
