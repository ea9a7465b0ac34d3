import type { Formula } from './formula.js';
import { at, type Grid } from './grid.js';
import type { Node, Tape } from '../tape.js';

const scalar = (tape: Tape, terms: readonly Node[]): Grid => ({ shape: [], nodes: [tape.sum(terms)] });

/** The numbers of a row. */
const rowOf = (grid: Grid, n: number): Node[] => Array.from({ length: grid.shape.at(-1)! }, (_, v) => at(grid, n, v));

/** −w Σ τ log p for each row that counts, with τ the right class and, as far as it is smoothed, all V. */
export const crossEntropy: Formula<'crossEntropy'> = (tape, { logits: [logits] }, { ids, weights, smoothing }) => {
  const classes = logits.shape[1]!;
  const terms = ids.flatMap((id, n) => {
    const weight = Math.fround(weights[n]);
    if (weight === 0) return [];
    const row = rowOf(logits, n);
    const normaliser = tape.logSumExp(row);
    return row.map((x, v) => {
      const target = smoothing / classes + (v === id ? 1 - smoothing : 0);
      return tape.scaled(tape.sub(x, normaliser), -weight * target);
    });
  });
  return { loss: scalar(tape, terms) };
};

/** What core adds to what a symbol is attended to with. */
const LEAST = 1e-12;

/** See, Liu & Manning 2017, eq. 9: the mixture of generating and copying; row n is of source n mod B. */
export const copyCrossEntropy: Formula<'copyCrossEntropy'> = (
  tape,
  { logits: [logits], gates: [gates], weights: [attention] },
  { ids, weights, smoothing, sources },
) => {
  const classes = logits.shape[1]!;
  const terms = ids.flatMap((id, n) => {
    const weight = Math.fround(weights[n]);
    if (weight === 0) return [];
    const source = sources[n % sources.length];
    const gate = at(gates, n, 0);
    const generates = tape.logSigmoid(gate);
    const copies = tape.logSigmoid(tape.scaled(gate, -1));
    const row = rowOf(logits, n);
    const normaliser = tape.logSumExp(row);
    const logProbability = (v: number): Node => {
      const generated = v < classes ? [tape.add(generates, tape.sub(row[v], normaliser))] : [];
      const places = source.flatMap((symbol, j) => (symbol === v ? [at(attention, n, j)] : []));
      if (places.length === 0) return generated[0];
      const copied = tape.add(copies, tape.log(tape.add(tape.sum(places), tape.constant(LEAST))));
      return tape.logSumExp([...generated, copied]);
    };
    return [...new Set([...row.keys(), id])].flatMap((v) => {
      const target = (v < classes ? smoothing / classes : 0) + (v === id ? 1 - smoothing : 0);
      return target === 0 ? [] : [tape.scaled(logProbability(v), -weight * target)];
    });
  });
  return { loss: scalar(tape, terms) };
};

/** See, Liu & Manning 2017, eq. 12. */
export const coverageLoss: Formula<'coverageLoss'> = (
  tape,
  { weights: [attention], coverage: [coverage] },
  { counts },
) => ({
  loss: scalar(
    tape,
    counts.flatMap((count, n) =>
      rowOf(attention, n).map((look, j) => tape.scaled(tape.min(look, at(coverage, n, j)), Math.fround(count))),
    ),
  ),
});
