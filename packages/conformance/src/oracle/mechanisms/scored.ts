import { additiveEnergies } from './additive.js';
import type { Attended, ConfigOf, Formula, Row } from './formula.js';
import type { Vector } from './maths.js';

/** Softmax of the scores of a query with all positions, and the mean of the memory under it. */
function scored<Config>(scoresOf: (row: Row<Config>) => (s: Vector) => Vector): Formula<Config> {
  return (row): Attended => {
    const { maths, query, memory, open } = row;
    const score = scoresOf(row);
    const weights = query.map((s, i) => maths.softmax(score(s), (j) => open(i, j)));
    return { weights, context: weights.map((one) => maths.weighted(one, memory)) };
  };
}

/** Bahdanau, Cho & Bengio 2014, §3.1. */
export const additive: Formula<ConfigOf<'additive'>> = scored((row) => {
  const energies = additiveEnergies(row);
  return (s) => energies(s);
});

/** Luong, Pham & Manning 2015, eq. 8: vᵀ tanh(W [s; h]). */
export const concat: Formula<ConfigOf<'concat'>> = scored(({ maths, memory, parameters }) => {
  const [vector, kernel] = [parameters.vector('vector'), parameters.matrix('kernel')];
  return (s) =>
    memory.map((h) =>
      maths.dot(
        vector,
        maths.affine([...s, ...h], kernel).map((x) => maths.tanh(x)),
      ),
    );
});

/** Luong, Pham & Manning 2015, eq. 8: sᵀ W h. */
export const general: Formula<ConfigOf<'general'>> = scored(({ maths, memory, parameters }) => {
  const keys = memory.map((h) => maths.affine(h, parameters.matrix('memory_kernel')));
  return (s) => keys.map((key) => maths.dot(s, key));
});

/** Luong, Pham & Manning 2015, eq. 8: sᵀ h. */
export const dot: Formula<ConfigOf<'dot'>> = scored(
  ({ maths, memory }) =>
    (s) =>
      memory.map((h) => maths.dot(s, h)),
);

/** Vaswani et al. 2017, eq. 1, or with a learned scale. */
export const scaledDotProduct: Formula<ConfigOf<'scaledDotProduct'>> = scored(
  ({ maths, memory, parameters }) =>
    (s) =>
      memory.map((h) => {
        const product = maths.dot(s, h);
        return parameters.has('scale')
          ? maths.mul(parameters.number('scale'), product)
          : maths.scaled(product, 1 / Math.sqrt(s.length));
      }),
);

/** Graves, Wayne & Danihelka 2014, eq. 6. */
export const cosine: Formula<ConfigOf<'cosine'>> = scored(
  ({ maths, memory, parameters }) =>
    (s) =>
      memory.map((h) => {
        const lengths = maths.mul(maths.dot(s, s), maths.dot(h, h));
        // A position without a direction is one whose memory is zero, as rows that have ended are here: it takes no part.
        if (maths.value(lengths) === 0) return maths.constant(0);
        const product = maths.mul(maths.dot(s, h), maths.inverseRoot(lengths));
        return parameters.has('scale') ? maths.mul(parameters.number('scale'), product) : product;
      }),
);
