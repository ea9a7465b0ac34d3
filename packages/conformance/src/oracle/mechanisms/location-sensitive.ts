import { additiveEnergies } from './additive.js';
import type { ConfigOf, Formula } from './formula.js';
import { begunAlong, inSteps } from './steps.js';

/** Chorowski et al. 2015, eq. 8 and 9: the query is told of the weights before, through filters [R, C, F]. */
export const locationSensitive: Formula<ConfigOf<'locationSensitive'>> = (row) => {
  const { maths, parameters, memory } = row;
  const { source, normalizer } = row.config;
  const energies = additiveEnergies(row);
  const filters = parameters.cube('filters');
  const kernel = parameters.matrix('location_kernel'); // [F, U]
  const reach = (filters.length - 1) / 2;
  const first = { previous: begunAlong(row, 'previous'), cumulative: begunAlong(row, 'cumulative') };
  return inSteps(row, first, (s, { previous, cumulative }, open) => {
    const channels = { previous: [previous], cumulative: [cumulative], both: [previous, cumulative] }[source];
    const told = memory.map((_, j) => {
      const features = kernel.map((__, f) =>
        maths.sum(
          filters.flatMap((tap, r) =>
            channels.flatMap((seen, c) => {
              const at = j + r - reach;
              return at < 0 || at >= seen.length ? [] : [maths.mul(tap[c][f], seen[at])];
            }),
          ),
        ),
      );
      return maths.affine(features, kernel);
    });
    const scores = energies(s, (j, u) => told[j][u]);
    const weights =
      normalizer === 'smoothing'
        ? maths.overSum(scores.map((score, j) => (open(j) ? maths.sigmoid(score) : maths.constant(0))))
        : maths.softmax(scores, open);
    return {
      weights,
      left: () => ({ previous: weights, cumulative: cumulative.map((sum, j) => maths.add(sum, weights[j])) }),
    };
  });
};
