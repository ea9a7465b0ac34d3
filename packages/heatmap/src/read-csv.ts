import { HeedError } from '@heed/base';
import type { AttentionMap } from './attention-map.js';
import { mapOf, type FoundMaps } from './read-json.js';

type Line = readonly string[];

/**
 * Maps of CSV (RFC 4180), with commas, semicolons or tabs: what `renderCsv` writes, or weights alone. Empty lines separate maps, and an empty
 * field is a masked cell. The first line is taken for a title and the labels of the columns, and other lines begin with labels, unless the first
 * begins with a number and has nothing else.
 *
 * @throws HeedError FILE_INVALID
 */
export function readCsv(text: string): FoundMaps {
  const maps: AttentionMap[] = [];
  let block: Line[] = [];
  const end = (): void => {
    if (block.length > 0) maps.push(readBlock(block, maps.length + 1));
    block = [];
  };
  for (const line of linesOf(text)) {
    if (line.length === 1 && line[0].trim() === '') end();
    else block.push(line);
  }
  end();
  if (maps.length > 0) return { maps };
  throw new HeedError('FILE_INVALID', { message: 'attention maps: the file is empty', hint: HINT });
}

const HINT = 'lines of numbers with commas between them, or a file that Heed has saved';

// What a number is in any spreadsheet; infinities and NaN are none of a map's weights.
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const isNumber = (field: string): boolean => NUMBER.test(field.trim());

function readBlock(block: readonly Line[], n: number): AttentionMap {
  const [first] = block;
  const isBare = isNumber(first[0]) && first.every((field) => isNumber(field) || field.trim() === '');
  if (isBare)
    return mapOf(
      block.map((line) => line.map((field) => weightOf(field, n))),
      '',
    );
  const [title, ...columnLabels] = first.map(labelOf);
  const rows = block.slice(1);
  const map = mapOf(
    rows.map(([, ...fields]) => fields.map((field) => weightOf(field, n))),
    title,
  );
  return { ...map, columnLabels, rowLabels: rows.map(([label]) => labelOf(label)) };
}

function weightOf(field: string, n: number): number | null {
  if (field.trim() === '') return null;
  if (isNumber(field)) return Number(field);
  throw new HeedError('FILE_INVALID', {
    message: `attention maps: map ${n} has ${JSON.stringify(field.slice(0, 40))} where a weight should be`,
    hint: HINT,
    details: { field },
  });
}

/** A label without the apostrophe that `renderCsv` puts before what a spreadsheet would run as a formula. */
const labelOf = (field: string): string => field.replace(/^'(?=[=+\-@])/, '');

/** Lines of fields. The separator is the one that the first line has most of. */
function linesOf(text: string): Line[] {
  const [head] = text.split(/\r\n?|\n/, 1);
  const separator = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0];
  const lines: string[][] = [[]];
  // A field in quotation marks, in which two are one, or one without; then what ends it.
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}\\r\\n]*))(${separator}|\\r\\n?|\\n|$)`, 'gy');
  for (const [, quoted, plain, after] of text.replace(/^\ufeff/, '').matchAll(field)) {
    lines.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (after === '') break;
    if (after !== separator) lines.push([]);
  }
  return lines;
}
