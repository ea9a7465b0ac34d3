import type { Block, Cell } from './document.js';

export const markdown = (blocks: readonly Block[]): string => `${blocks.map(textOf).join('\n\n')}\n`;

function textOf(block: Block): string {
  if ('heading' in block) return `${'#'.repeat(block.level)} ${block.heading}`;
  if ('text' in block) return block.text;
  if ('list' in block) return block.list.map((item) => `- ${item}`).join('\n');
  const { columns, rows } = block;
  return [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map(cellOf).join(' | ')} |`).join('\n');
}

const cellOf = (cell: Cell): string => (typeof cell === 'string' ? cell : `**${cell.text}**`);
