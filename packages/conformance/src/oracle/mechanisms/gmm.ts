import type { ConfigOf, Formula } from './formula.js';
import { begun, inSteps } from './steps.js';

/** Graves 2013, eq. 46 to 51 (V0); Battenberg et al. 2019, table 1 (V2). */
export const gmm: Formula<ConfigOf<'gmm'>> = (row) => {
  const { maths, parameters, memory } = row;
  const { components, version, origin } = row.config;
  const first = { mu: begun(row, 'mu', Array<number>(components).fill(0)) };
  return inSteps(row, first, (s, { mu: before }, open) => {
    const hidden =
      version === 'V0'
        ? s
        : maths
            .affine(s, parameters.matrix('hidden_kernel'), parameters.vector('hidden_bias'))
            .map((x) => maths.tanh(x));
    const all = maths.affine(hidden, parameters.matrix('kernel'), parameters.vector('bias'));
    const [a, second, third] = [0, 1, 2].map((n) => all.slice(n * components, (n + 1) * components));
    const mu = before.map((m, k) => maths.add(m, version === 'V0' ? maths.exp(third[k]) : maths.softplus(second[k])));
    const shares = maths.softmax(a, () => true);
    const bell = (k: number, u: number) => {
      const squared = maths.square(maths.sub(mu[k], maths.constant(u)));
      if (version === 'V0') {
        const exponent = maths.mul(maths.exp(second[k]), squared);
        return maths.mul(maths.exp(a[k]), maths.exp(maths.scaled(exponent, -1)));
      }
      const variance = maths.square(maths.softplus(third[k]));
      const height = maths.mul(shares[k], maths.inverseRoot(maths.scaled(variance, 2 * Math.PI)));
      return maths.mul(height, maths.exp(maths.scaled(maths.div(squared, variance), -0.5)));
    };
    const weights = memory.map((_, j) =>
      open(j) ? maths.sum(mu.map((__, k) => bell(k, j + origin))) : maths.constant(0),
    );
    return { weights, left: () => ({ mu }) };
  });
};
