import type { ConfigOf, Formula, Row } from './formula.js';
import type { Vector } from './maths.js';
import { begun, inSteps } from './steps.js';

/** Luong, Pham & Manning 2015, eq. 8: sᵀ W h, or sᵀ h. */
function luongScores({ maths, parameters, memory }: Row<unknown>): (s: Vector) => Vector {
  return (s) => {
    const q = parameters.has('kernel') ? maths.affine(s, parameters.matrix('kernel')) : s;
    return memory.map((h) => maths.dot(q, h));
  };
}

/** §3.2, local-m: step i looks D positions around position i. */
export const localM: Formula<ConfigOf<'localM'>> = (row) => {
  const { maths } = row;
  const { halfWidth } = row.config;
  const scores = luongScores(row);
  return inSteps(row, { step: begun(row, 'step', [0]) }, (s, { step: [step] }, open) => ({
    weights: maths.softmax(scores(s), (j) => open(j) && Math.abs(j - maths.value(step)) <= halfWidth),
    left: () => ({ step: [maths.add(step, maths.constant(1))] }),
  }));
};

/** §3.2, local-p, eq. 9 and 10: a step looks around a place that it predicts. */
export const localP: Formula<ConfigOf<'localP'>> = (row) => {
  const { maths, parameters, query, memory, open } = row;
  const { halfWidth, renormalize } = row.config;
  const scores = luongScores(row);
  const weights = query.map((s, i) => {
    const count = memory.reduce((last, _, j) => (open(i, j) ? j + 1 : last), 0);
    const hidden = maths.affine(s, parameters.matrix('position_kernel')).map((x) => maths.tanh(x));
    const centre = maths.scaled(maths.sigmoid(maths.dot(hidden, parameters.vector('position_vector'))), count);
    const near = (j: number): boolean => open(i, j) && Math.abs(j - maths.value(centre)) <= halfWidth;
    const shares = maths.softmax(scores(s), near);
    const both = shares.map((share, j) => {
      const squared = maths.square(maths.sub(maths.constant(j), centre));
      return maths.mul(share, maths.exp(maths.scaled(squared, -1 / (2 * (halfWidth / 2) ** 2))));
    });
    return renormalize ? maths.overSum(both) : both;
  });
  return { weights, context: weights.map((one) => maths.weighted(one, memory)) };
};
