import { HeedError } from '@heed/base';
import type { AttentionMap, Domain } from './attention-map.js';

/** Maps as they were read, not checked yet. */
export interface FoundMaps {
  readonly maps: readonly AttentionMap[];
  /** Range of the scale that the file has. */
  readonly domain?: Domain;
}

type Row = readonly (number | null)[];

/**
 * Maps of JSON: what `renderJson` writes, or weights alone, [Tq, Tk] or with more axes before these, such as layers and heads. A weight of null
 * is a masked cell.
 *
 * @throws HeedError FILE_INVALID
 */
export function readJson(text: string): FoundMaps {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HeedError('FILE_INVALID', { message: 'attention maps: this is no JSON', hint: HINT, cause });
  }
  if (Array.isArray(value)) return { maps: matricesIn(value).map(({ matrix, path }) => mapOf(matrix, titleOf(path))) };
  const { format, version, maps, domain } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (format !== 'heed.attention-maps' || version !== 1 || !Array.isArray(maps)) {
    throw new HeedError('FILE_INVALID', {
      message: 'attention maps: this JSON has neither maps that Heed has written nor rows of weights',
      hint: HINT,
      details: { format, version },
    });
  }
  return { maps: maps.map(readWritten), ...(isDomain(domain) && { domain }) };
}

const HINT = 'rows of numbers, [[0.9, 0.1], [0.2, 0.8]], or a file that Heed has saved';

const isRow = (value: unknown): value is Row =>
  Array.isArray(value) && value.every((one) => one === null || typeof one === 'number');
const isMatrix = (value: unknown): value is readonly Row[] => Array.isArray(value) && value.every(isRow);
const isDomain = (value: unknown): value is Domain =>
  isRow(value) && value.length === 2 && value[0] !== null && value[1] !== null && value[0] < value[1];

// Axes before those of a map: batch, layers, heads, and one to spare.
const MOST_AXES = 4;

/** Matrices of nested lists, each with its indices in the lists around it. */
function matricesIn(
  value: readonly unknown[],
  path: readonly number[] = [],
): { readonly matrix: readonly Row[]; readonly path: readonly number[] }[] {
  if (isMatrix(value)) return [{ matrix: value, path }];
  if (path.length < MOST_AXES && value.every((one) => Array.isArray(one) && !isRow(one))) {
    return value.flatMap((one, n) => matricesIn(one as readonly unknown[], [...path, n]));
  }
  throw new HeedError('FILE_INVALID', {
    message: `attention maps: ${path.length === 0 ? 'the list' : `the part at ${path.map((n) => `[${n}]`).join('')}`} isn't rows of numbers or null`,
    hint: HINT,
  });
}

/** Title of a map among others: its indices, counted from 1. */
const titleOf = (path: readonly number[]): string => path.map((n) => n + 1).join('.');

/** Map of rows of weights, with null where a cell is masked. */
export function mapOf(rows: readonly Row[], title: string): AttentionMap {
  const weights = rows.map((row) => row.map((weight) => weight ?? 0));
  if (!rows.some((row) => row.includes(null))) return { weights, title };
  return { weights, title, masked: rows.map((row) => row.map((weight) => weight === null)) };
}

function readWritten(given: unknown, n: number): AttentionMap {
  const { title = '', rowAxis, columnAxis, rowLabels, columnLabels, weights } = (given ?? {}) as AttentionMap;
  if (!isMatrix(weights)) {
    throw new HeedError('FILE_INVALID', {
      message: `attention maps: the weights of map ${n + 1} aren't rows of numbers or null`,
      hint: HINT,
    });
  }
  return {
    ...mapOf(weights, title),
    ...(rowAxis !== undefined && { rowAxis }),
    ...(columnAxis !== undefined && { columnAxis }),
    ...(rowLabels !== undefined && { rowLabels }),
    ...(columnLabels !== undefined && { columnLabels }),
  };
}
