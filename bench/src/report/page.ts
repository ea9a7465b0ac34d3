import type { Block, Cell } from './document.js';
import { escaped, type Plot } from './draw.js';
import { colour, PALETTE } from './palette.js';

const STYLE = `
body { margin: 0 auto; max-width: 60rem; padding: 1rem clamp(0.75rem, 3vw, 2rem) 4rem; background: ${colour('paper')}; color: ${colour('ink')};
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h2 { margin-top: 2.5rem; }
figure { margin: 1.5rem 0; }
figcaption, caption { color: ${colour('faint')}; text-align: start; padding-block: 0.25rem; }
.wide { overflow-x: auto; }
.wide:focus-visible { outline: 2px solid ${colour('mark0')}; }
svg { display: block; width: 100%; min-width: 40rem; height: auto; }
table { border-collapse: collapse; font-size: 0.875rem; }
th, td { text-align: start; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid ${colour('line')};
  min-width: 5rem; overflow-wrap: normal; }
th[scope='row'] { font-weight: normal; }
strong { color: ${colour('warn')}; }
code { font-family: ui-monospace, monospace; }
`;

/** Results as one page that needs nothing else: no script, no font, no other file. The plots come before the first table. */
export function page(blocks: readonly Block[], plots: readonly Plot[]): string {
  const start = blocks.findIndex((block) => 'columns' in block);
  const [before, after] = start < 0 ? [blocks, []] : [blocks.slice(0, start), blocks.slice(start)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heed: results of benchmarks</title>
<style>${PALETTE}${STYLE}</style>
</head>
<body>
<main>
${[...before.map(elementOf), ...plots.map(figureOf), ...after.map(elementOf)].join('\n')}
</main>
</body>
</html>
`;
}

function elementOf(block: Block): string {
  if ('heading' in block) return `<h${block.level}>${escaped(block.heading)}</h${block.level}>`;
  if ('text' in block) return `<p>${withCode(block.text)}</p>`;
  if ('list' in block) return `<ul>${block.list.map((item) => `<li>${withCode(item)}</li>`).join('')}</ul>`;
  const { caption, columns, rows } = block;
  const head = columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map(cellOf).join('')}</tr>`).join('\n');
  return wide(
    caption,
    `<table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`,
  );
}

const cellOf = (cell: Cell, n: number): string =>
  n === 0 && typeof cell === 'string'
    ? `<th scope="row">${escaped(cell)}</th>`
    : `<td>${typeof cell === 'string' ? escaped(cell) : `<strong>${escaped(cell.text)}</strong>`}</td>`;

const figureOf = ({ title, svg }: Plot): string =>
  `<figure>${wide(title, svg)}<figcaption>${escaped(title)}</figcaption></figure>`;

/** What a narrow window scrolls, by keys, too. */
const wide = (label: string, content: string): string =>
  `<div class="wide" role="region" tabindex="0" aria-label="${escaped(label)}">${content}</div>`;

const withCode = (text: string): string => escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>');
