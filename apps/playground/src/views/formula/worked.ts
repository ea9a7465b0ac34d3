import type { AttentionAnswer, AttentionSetup } from '../../engine/jobs.js';
import { entropyOf } from '../entropy.js';
import { rowsOf } from '../rows.js';
import { FACTORS, type Factors } from './factors.js';

/** A score, term by term. */
export interface WorkedProduct extends Pick<Factors, 'names' | 'divisor'> {
  readonly terms: readonly { readonly left: number; readonly right: number; readonly product: number }[];
  readonly sum: number;
  readonly score: number;
}

/** A row of scores on its way to weights. */
export interface WorkedRow {
  readonly cells: readonly {
    readonly score: number;
    /** exp(score − greatest score): what softmax takes, so that nothing overflows; 0 for a masked cell. */
    readonly exp: number;
    readonly weight: number;
    readonly isMasked: boolean;
  }[];
  /** Greatest score of those that aren't masked; undefined when all are. */
  readonly greatest: number | undefined;
  /** Sum of `exp`. */
  readonly sum: number;
  /** Entropy of the weights, in bits. */
  readonly entropy: number;
}

/** Cell of a head's map. */
export type Place = Readonly<Record<'head' | 'row' | 'column', number>>;

/** The product behind a cell's score; undefined for mechanisms that make it of more than the two vectors. */
export function workedProduct(
  { mechanism, heads }: Pick<AttentionSetup, 'mechanism' | 'heads'>,
  { query, memory, parameters }: Pick<AttentionAnswer, 'query' | 'memory' | 'parameters'>,
  { head, row, column }: Place,
): WorkedProduct | undefined {
  const factors = FACTORS[mechanism]?.({
    s: rowsOf(query)[row],
    h: rowsOf(memory)[column],
    head,
    heads,
    parameter: (name) => parameters.find(({ key }) => key === name)!,
  });
  if (factors === undefined) return undefined;
  const { names, left, right, divisor } = factors;
  const terms = Array.from(left, (one, d) => ({ left: one, right: right[d]!, product: one * right[d]! }));
  const sum = terms.reduce((total, { product }) => total + product, 0);
  return { names, divisor, terms, sum, score: sum / (divisor?.value ?? 1) };
}

/** Softmax of the row of a cell. */
export function workedRow(
  { scores, changed, allowed, weights }: Pick<AttentionAnswer, 'scores' | 'changed' | 'allowed' | 'weights'>,
  { head, row }: Place,
): WorkedRow {
  const own = [...rowsOf(changed ?? scores, head)[row]];
  const may = allowed && rowsOf(allowed)[row];
  const open = own.filter((_, j) => may?.[j] !== 0);
  const greatest = open.length === 0 ? undefined : Math.max(...open);
  const shares = rowsOf(weights, head)[row];
  const cells = own.map((score, j) => {
    const isMasked = may?.[j] === 0;
    return { score, exp: isMasked ? 0 : Math.exp(score - greatest!), weight: shares[j], isMasked };
  });
  return { cells, greatest, sum: cells.reduce((sum, { exp }) => sum + exp, 0), entropy: entropyOf(shares) };
}
