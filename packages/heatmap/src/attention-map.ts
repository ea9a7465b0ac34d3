import { type OptionNames } from '@heed/core/options';
import { HeedError } from '@heed/core/errors';

/** What attends to what: row i, an output or query, gives weight `weights[i][j]` to column j, an input or key. */
export interface AttentionMap {
  /** Tq rows of Tk finite numbers. */
  readonly weights: readonly ArrayLike<number>[];
  /** Tq labels; row numbers by default. Labels are untrusted: every renderer escapes them for its format. */
  readonly rowLabels?: readonly string[];
  /** Tk labels; column numbers by default. */
  readonly columnLabels?: readonly string[];
  readonly title?: string;
  /** What rows and columns are. Default 'query' and 'key'. */
  readonly rowAxis?: string;
  readonly columnAxis?: string;
}

/** One map, or several for one file: the heads of a layer, the words of a list. */
export type AttentionMaps = AttentionMap | readonly AttentionMap[];

export interface CheckedMap extends Required<AttentionMap> {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Fills in the defaults.
 *
 * @throws HeedError SHAPE_MISMATCH, NOT_FINITE or INVALID_ARGUMENT, naming the map and the place
 */
export function checkMaps(maps: AttentionMaps): CheckedMap[] {
  const list = isList(maps) ? maps : [maps];
  if (list.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'there is no attention map to draw' });
  return list.map((map, n) => checkMap(list.length === 1 ? 'attention map' : `attention map ${n + 1}`, map));
}

/** The weights that get the lowest and the highest colour. */
export type Domain = readonly [low: number, high: number];

export interface DomainOptions {
  /** Default: from 0, or the least weight if that is negative, to the greatest weight of all maps. */
  readonly domain?: Domain;
}

export const DOMAIN_OPTIONS: OptionNames<DomainOptions> = { domain: true };

export function domainOf(maps: readonly CheckedMap[], { domain }: DomainOptions = {}): Domain {
  if (domain !== undefined) {
    if (domain[0] < domain[1] && domain.every(Number.isFinite)) return domain;
    throw new HeedError('INVALID_ARGUMENT', { message: `domain [${domain}] must be [low, high], finite, low < high` });
  }
  let low = 0;
  let high = 0;
  for (const { weights, columns } of maps) {
    for (const row of weights) {
      for (let j = 0; j < columns; j++) {
        low = Math.min(low, row[j]!);
        high = Math.max(high, row[j]!);
      }
    }
  }
  return [low, high > low ? high : low + 1];
}

const isList = (maps: AttentionMaps): maps is readonly AttentionMap[] => Array.isArray(maps);

function checkMap(what: string, map: AttentionMap): CheckedMap {
  const { weights, title = '', rowAxis = 'query', columnAxis = 'key' } = map;
  if (!Array.isArray(weights)) throw new HeedError('INVALID_ARGUMENT', { message: `${what}: weights must be rows` });
  const rows = weights.length;
  const columns = rows > 0 ? weights[0].length : (map.columnLabels?.length ?? 0);
  for (const [i, row] of weights.entries()) {
    if (row.length !== columns) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `${what}: row ${i} has ${row.length} weights, row 0 has ${columns}`,
      });
    }
    for (let j = 0; j < columns; j++) {
      if (!Number.isFinite(row[j])) {
        throw new HeedError('NOT_FINITE', { message: `${what}: the weight at row ${i}, column ${j} is ${row[j]}` });
      }
    }
  }
  for (const [name, text] of Object.entries({ title, rowAxis, columnAxis })) {
    if (typeof text !== 'string') throw new HeedError('INVALID_ARGUMENT', { message: `${what}: ${name} must be text` });
  }
  const rowLabels = checkLabels(`${what}: rowLabels`, map.rowLabels, rows);
  const columnLabels = checkLabels(`${what}: columnLabels`, map.columnLabels, columns);
  return { weights, rowLabels, columnLabels, title, rowAxis, columnAxis, rows, columns };
}

function checkLabels(what: string, labels: readonly string[] | undefined, length: number): readonly string[] {
  if (labels === undefined) return Array.from({ length }, (_, n) => String(n));
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) {
    throw new HeedError('INVALID_ARGUMENT', { message: `${what} must be a list of texts` });
  }
  if (labels.length !== length) {
    throw new HeedError('SHAPE_MISMATCH', {
      message: `${what} has ${labels.length} labels for an axis of ${length}`,
      details: { labels: labels.length, length },
    });
  }
  return labels;
}
