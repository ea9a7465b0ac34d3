import type { Block, Cell } from './document.js';
import type { Plot } from './draw.js';

/** A document whose plots stand behind its first table, as files of the folder `plots`. */
export function markdown(blocks: readonly Block[], plots: readonly Plot[] = []): string {
  const texts = blocks.map(textOf);
  const first = blocks.findIndex((block) => 'columns' in block);
  texts.splice(first + 1, 0, ...plots.map(({ name, title }) => `![${title}](plots/${name}.svg)`));
  return `${texts.join('\n\n')}\n`;
}

function textOf(block: Block): string {
  if ('heading' in block) return `${'#'.repeat(block.level)} ${block.heading}`;
  if ('text' in block) return block.text;
  if ('list' in block) return block.list.map((item) => `- ${item}`).join('\n');
  const { columns, rows } = block;
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map(cellOf).join(' | ')} |`).join('\n');
}

const cellOf = (cell: Cell): string => (typeof cell === 'string' ? cell : `**${cell.text}**`);
