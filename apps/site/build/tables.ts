import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.js';

/** A row of a table that has a link. */
export interface Row {
  readonly text: string;
  readonly link: string;
  /** The cell after the link's. */
  readonly next: string;
}

/** Rows with links of all tables in a Markdown file, as plain text. */
export function rowsOf(source: string): Row[] {
  const lines = readFileSync(join(ROOT, source), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).slice(1, -1) : [];
    const at = cells.findIndex((cell) => LINK.test(cell));
    if (at < 0) return [];
    const [, text, link] = LINK.exec(cells[at]!)!;
    return [{ text: plain(text!), link: link!, next: plain(cells[at + 1] ?? '') }];
  });
}

const LINK = /\[([^\]]+)\]\(([^)]+)\)/;

const plain = (markdown: string): string =>
  markdown
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('`', '')
    .replaceAll('\\|', '|')
    .trim();
