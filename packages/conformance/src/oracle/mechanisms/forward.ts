import { additiveEnergies } from './additive.js';
import type { ConfigOf, Formula, State } from './formula.js';
import { atFirst, begun, begunAlong, inSteps } from './steps.js';

const HALF = 0.5;

/** Zhang, Ling & Dai 2018, Algorithms 1 and 2. */
export const forward: Formula<ConfigOf<'forward'>> = (row) => {
  const { maths, parameters } = row;
  const { agent, queryWidth } = row.config;
  const energies = additiveEnergies(row);
  const first = {
    previous: begunAlong(row, 'previous', atFirst),
    ...(agent && { transition: begun(row, 'transition', [HALF]) }),
  };
  return inSteps(row, first, (whole, { previous, transition }, open) => {
    const [s, written] = [whole.slice(0, queryWidth), whole.slice(queryWidth)];
    const softmax = maths.softmax(energies(s), open);
    const [stays, goes] = agent ? [maths.rest(transition[0]), transition[0]] : [maths.constant(1), maths.constant(1)];
    const weights = maths.overSum(
      softmax.map((share, j) => {
        const stayed = maths.mul(stays, previous[j]);
        return maths.mul(j === 0 ? stayed : maths.add(stayed, maths.mul(goes, previous[j - 1])), share);
      }),
    );
    return {
      weights,
      left(context): State {
        if (!agent) return { previous: weights };
        const hidden = maths
          .affine([...context, ...written, ...s], parameters.matrix('agent_kernel'), parameters.vector('agent_bias'))
          .map((x) => maths.tanh(x));
        const score = maths.dot(hidden, parameters.vector('agent_vector'));
        return {
          previous: weights,
          transition: [maths.sigmoid(maths.add(score, parameters.number('agent_offset')))],
        };
      },
    };
  });
};
