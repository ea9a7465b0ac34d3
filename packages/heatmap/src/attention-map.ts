import { type OptionNames } from '@heed/base';
import { HeedError } from '@heed/base';

/** An attention map: row i, an output or query, gives weight `weights[i][j]` to column j, an input or key. */
export interface AttentionMap {
  /** Weights: Tq rows of Tk finite numbers. */
  readonly weights: readonly ArrayLike<number>[];
  /**
   * Mask: Tq rows of Tk, true or 1 for a cell that takes no part. Such a cell looks different, and its weight is never read.
   * Default: every cell takes part.
   */
  readonly masked?: readonly ArrayLike<boolean | number>[];
  /** Labels of the Tq rows; row numbers by default. Labels are untrusted: every renderer escapes them for its format. */
  readonly rowLabels?: readonly string[];
  /** Labels of the Tk columns; column numbers by default. */
  readonly columnLabels?: readonly string[];
  readonly title?: string;
  /** Name of what a row is. Default 'query'. */
  readonly rowAxis?: string;
  /** Name of what a column is. Default 'key'. */
  readonly columnAxis?: string;
}

/** One map, or several for one file, such as the heads of a layer. */
export type AttentionMaps = AttentionMap | readonly AttentionMap[];

/** A map with all texts around its cells: title, labels and axes. */
export type LabelledMap = Required<Omit<AttentionMap, 'masked'>> & Pick<AttentionMap, 'masked'>;

export interface CheckedMap extends LabelledMap {
  readonly rows: number;
  readonly columns: number;
}

export const isMasked = ({ masked }: LabelledMap, row: number, column: number): boolean =>
  Boolean(masked?.[row]![column]);

/** Whether a map has a masked cell, which a legend has to explain. */
export const hasMasked = ({ masked, columns }: CheckedMap): boolean =>
  masked?.some((row) => Array.prototype.slice.call(row, 0, columns).some(Boolean)) ?? false;

/**
 * Checks maps and fills in the defaults.
 *
 * @throws HeedError SHAPE_MISMATCH, NOT_FINITE or INVALID_ARGUMENT, with the map, row and column
 */
export function checkMaps(maps: AttentionMaps): CheckedMap[] {
  const list = isList(maps) ? maps : [maps];
  if (list.length === 0) throw new HeedError('INVALID_ARGUMENT', { message: 'there is no attention map to draw' });
  return list.map((map, n) => checkMap(list.length === 1 ? 'attention map' : `attention map ${n + 1}`, map));
}

/** Range of the scale: the weights that get the lowest and the highest colour. */
export type Domain = readonly [low: number, high: number];

export interface DomainOptions {
  /** Range of the scale. Default: from 0, or the least weight if that is negative, to the greatest weight of all maps. */
  readonly domain?: Domain;
}

export const DOMAIN_OPTIONS: OptionNames<DomainOptions> = { domain: true };

export function domainOf(maps: readonly CheckedMap[], { domain }: DomainOptions = {}): Domain {
  if (domain !== undefined) return checkDomain(domain);
  let low = 0;
  let high = 0;
  for (const map of maps) {
    for (const [i, row] of map.weights.entries()) {
      const hidden = map.masked?.[i];
      for (let j = 0; j < map.columns; j++) {
        if (hidden?.[j]) continue;
        const weight = row[j];
        if (weight < low) low = weight;
        if (weight > high) high = weight;
      }
    }
  }
  return domainBetween(low, high);
}

/** @throws HeedError INVALID_ARGUMENT */
export function checkDomain(domain: Domain): Domain {
  if (domain[0] < domain[1] && domain.every(Number.isFinite)) return domain;
  throw new HeedError('INVALID_ARGUMENT', { message: `domain [${domain}] must be [low, high], finite, low < high` });
}

/** Range between the least and the greatest weight; one of length 1 where all are equal. */
export const domainBetween = (low: number, high: number): Domain => [low, high > low ? high : low + 1];

/** Common range for maps that are compared: from 0, or the least weight if that is negative, to the greatest of all. */
export const sharedDomain = (maps: AttentionMaps): Domain => domainOf(checkMaps(maps));

const isList = (maps: AttentionMaps): maps is readonly AttentionMap[] => Array.isArray(maps);

function checkMap(what: string, map: AttentionMap): CheckedMap {
  const { weights, masked, title = '', rowAxis = 'query', columnAxis = 'key' } = map;
  if (!Array.isArray(weights)) throw new HeedError('INVALID_ARGUMENT', { message: `${what}: weights must be rows` });
  const rows = weights.length;
  const columns = rows > 0 ? weights[0].length : (map.columnLabels?.length ?? 0);
  if (masked !== undefined) checkMasked(what, masked, rows, columns);
  for (const [i, row] of weights.entries()) {
    if (row.length !== columns) {
      throw new HeedError('SHAPE_MISMATCH', {
        message: `${what}: row ${i} has ${row.length} weights, row 0 has ${columns}`,
      });
    }
    for (let j = 0; j < columns; j++) {
      if (!Number.isFinite(row[j]) && !masked?.[i]![j]) {
        throw new HeedError('NOT_FINITE', { message: `${what}: the weight at row ${i}, column ${j} is ${row[j]}` });
      }
    }
  }
  for (const [name, text] of Object.entries({ title, rowAxis, columnAxis })) {
    if (typeof text !== 'string') throw new HeedError('INVALID_ARGUMENT', { message: `${what}: ${name} must be text` });
  }
  const rowLabels = checkLabels(`${what}: rowLabels`, map.rowLabels, rows);
  const columnLabels = checkLabels(`${what}: columnLabels`, map.columnLabels, columns);
  return { weights, masked, rowLabels, columnLabels, title, rowAxis, columnAxis, rows, columns };
}

function checkMasked(what: string, masked: readonly ArrayLike<unknown>[], rows: number, columns: number): void {
  if (!Array.isArray(masked)) throw new HeedError('INVALID_ARGUMENT', { message: `${what}: masked must be rows` });
  const odd = masked.findIndex((row) => (row as typeof row | null)?.length !== columns);
  if (masked.length === rows && odd === -1) return;
  const wrong = odd === -1 ? '' : `, of which row ${odd} isn't as long`;
  throw new HeedError('SHAPE_MISMATCH', {
    message: `${what}: weights have ${rows} rows of ${columns}, masked has ${masked.length} rows${wrong}`,
    hint: 'masked has a place for each weight',
  });
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
