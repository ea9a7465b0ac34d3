import { checkOptions, type OptionNames } from '@heed/base';
import { checkMaps, domainOf, type AttentionMaps, type CheckedMap, type Domain } from './attention-map.js';
import { hex, THEMES, type Theme } from './color.js';
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
  const heading = escapeXml(clean(title ?? (only === '' ? 'Attention maps' : only)));
  return `<!doctype html>
<html lang="${escapeXml(words.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${heading}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
${checked.map((map) => section(map, { domain, words }, checked.length > 1)).join('\n')}
</main>
</body>
</html>
`;
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

const colors = (theme: Theme): string => `color:${hex(THEMES[theme].text)};background:${hex(THEMES[theme].background)}`;

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0;${colors('light')}}
main{max-width:80rem;margin:auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem}
.scroll{overflow-x:auto}
svg{max-width:none}
table{border-collapse:collapse;font:14px ui-monospace,monospace}
caption{text-align:left;padding:.5rem 0}
td.masked{font-style:italic;opacity:.7}
th,td{padding:.15rem .5rem;text-align:right;border:1px solid #8884}
summary{cursor:pointer}
@media(prefers-color-scheme:dark){body{${colors('dark')}}}
`;
