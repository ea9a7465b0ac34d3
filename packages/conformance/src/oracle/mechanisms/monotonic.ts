import { additiveEnergies } from './additive.js';
import type { ConfigOf, Formula, Row } from './formula.js';
import type { Maths, Open, Vector } from './maths.js';
import { atFirst, begunAlong, inSteps } from './steps.js';

/** p_j = σ(e_j + r), how likely a step stops at j; 0 where it may not. */
function stopping(row: Row<unknown>): (s: Vector, open: Open) => Vector {
  const { maths, parameters } = row;
  const energies = additiveEnergies(row);
  return (s, open) =>
    energies(s).map((e, j) => (open(j) ? maths.sigmoid(maths.add(e, parameters.number('offset'))) : maths.constant(0)));
}

/** By all paths (Raffel et al. 2017, eq. 11): it stops at j, having begun at k ≤ j and passed all between. */
const alignment = (maths: Maths, stops: Vector, previous: Vector): Vector =>
  stops.map((stop, j) =>
    maths.sum(
      previous
        .slice(0, j + 1)
        .map((began, k) =>
          stops.slice(k, j).reduce((path, passed) => maths.mul(path, maths.rest(passed)), maths.mul(began, stop)),
        ),
    ),
  );

export const monotonic: Formula<ConfigOf<'monotonic'>> = (row) => {
  const { maths } = row;
  const stops = stopping(row);
  return inSteps(row, { previous: begunAlong(row, 'previous', atFirst) }, (s, { previous }, open) => {
    const weights = alignment(maths, stops(s, open), previous);
    return { weights, left: () => ({ previous: weights }) };
  });
};

/** Chiu & Raffel 2018, eq. 19 to 23: a softmax over a chunk that ends where a step stops. */
export const mocha: Formula<ConfigOf<'mocha'>> = (row) => {
  const { maths, memory } = row;
  const { chunk } = row.config;
  const stops = stopping(row);
  const energies = additiveEnergies(row, 'chunk_');
  return inSteps(row, { previous: begunAlong(row, 'previous', atFirst) }, (s, { previous }, open) => {
    const stopped = alignment(maths, stops(s, open), previous);
    const scores = energies(s);
    const chunks = stopped.map((_, k) => maths.softmax(scores, (l) => open(l) && l > k - chunk && l <= k));
    const weights = memory.map((_, j) => maths.sum(stopped.map((stop, k) => maths.mul(stop, chunks[k][j]))));
    return { weights, left: () => ({ previous: stopped }) };
  });
};

/** He, Deng & He 2019, eq. 8: a step stays, or goes on by one position. */
export const stepwiseMonotonic: Formula<ConfigOf<'stepwiseMonotonic'>> = (row) => {
  const { maths } = row;
  const stays = stopping(row);
  return inSteps(row, { previous: begunAlong(row, 'previous', atFirst) }, (s, { previous }, open) => {
    const stay = stays(s, open);
    const weights = stay.map((here, j) => {
      if (!open(j)) return maths.constant(0);
      const stayed = maths.mul(previous[j], here);
      return j === 0 ? stayed : maths.add(stayed, maths.mul(previous[j - 1], maths.rest(stay[j - 1])));
    });
    return { weights, left: () => ({ previous: weights }) };
  });
};
