import type { AttentionAnswer, AttentionSetup, MechanismKind } from '../../engine/jobs.js';
import { entropyOf } from '../entropy.js';
import { rowsOf } from '../rows.js';

/** What the dot product of mechanisms that compare vectors as they are is divided by, for width D. */
const DIVISORS: Partial<Readonly<Record<MechanismKind, (width: number) => number>>> = {
  dot: () => 1,
  scaledDotProduct: Math.sqrt,
};

/** A dot product, term by term. */
export interface WorkedProduct {
  readonly terms: readonly { readonly query: number; readonly memory: number; readonly product: number }[];
  readonly sum: number;
  readonly divisor: number;
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

/** Dot product behind a cell; undefined for mechanisms that compare through parameters. */
export function workedProduct(
  { mechanism, width }: Pick<AttentionSetup, 'mechanism' | 'width'>,
  { query, memory }: Pick<AttentionAnswer, 'query' | 'memory'>,
  { row, column }: Place,
): WorkedProduct | undefined {
  const divisor = DIVISORS[mechanism]?.(width);
  if (divisor === undefined) return undefined;
  const [s, h] = [rowsOf(query)[row], rowsOf(memory)[column]];
  const terms = Array.from(s, (one, d) => ({ query: one, memory: h[d], product: one * h[d] }));
  return { terms, sum: terms.reduce((sum, { product }) => sum + product, 0), divisor };
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
