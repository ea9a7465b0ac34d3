import { additiveEnergies } from './additive.js';
import type { ConfigOf, Formula } from './formula.js';
import { begun, begunAlong, inSteps } from './steps.js';

/** See, Liu & Manning 2017, eq. 10 and 11. */
export const coverage: Formula<ConfigOf<'coverage'>> = (row) => {
  const { maths, parameters } = row;
  const energies = additiveEnergies(row);
  const [kernel] = parameters.matrix('coverage_kernel');
  return inSteps(row, { coverage: begunAlong(row, 'coverage') }, (s, { coverage: covered }, open) => {
    const weights = maths.softmax(
      energies(s, (j, u) => maths.mul(kernel[u], covered[j])),
      open,
    );
    return { weights, left: () => ({ coverage: covered.map((sum, j) => maths.add(sum, weights[j])) }) };
  });
};

/** Tu et al. 2016, §3.1.1: what a position was looked at with, over its fertility N·σ(u·h). */
export const coverageLinguistic: Formula<ConfigOf<'coverageLinguistic'>> = (row) => {
  const { maths, parameters, memory, config } = row;
  const energies = additiveEnergies(row);
  const [kernel] = parameters.matrix('coverage_kernel');
  const fertility = memory.map((h) =>
    maths.scaled(maths.sigmoid(maths.dot(h, parameters.vector('fertility_kernel'))), config.maxFertility),
  );
  return inSteps(row, { coverage: begunAlong(row, 'coverage') }, (s, { coverage: covered }, open) => {
    const weights = maths.softmax(
      energies(s, (j, u) => maths.mul(kernel[u], covered[j])),
      open,
    );
    const looks = weights.map((weight, j) => maths.div(weight, fertility[j]));
    return { weights, left: () => ({ coverage: covered.map((sum, j) => maths.add(sum, looks[j])) }) };
  });
};

/** Tu et al. 2016, §3.1.2: a GRU for each position, told of the weight, the position and the query. */
export const coverageGru: Formula<ConfigOf<'coverageGru'>> = (row) => {
  const { maths, parameters, memory, present } = row;
  const { coverageWidth: d } = row.config;
  const energies = additiveEnergies(row);
  const kernel = parameters.matrix('coverage_kernel');
  const recurrent = parameters.matrix('gru_recurrent_kernel');
  const first = { coverage: begun(row, 'coverage', Array<number>(memory.length * d).fill(0)) };
  return inSteps(row, first, (s, { coverage: flat }, open) => {
    const covered = memory.map((_, j) => flat.slice(j * d, (j + 1) * d));
    const told = covered.map((c) => maths.affine(c, kernel));
    const weights = maths.softmax(
      energies(s, (j, u) => told[j][u]),
      open,
    );
    const next = covered.map((c, j) => {
      if (!present(j)) return c;
      const input = maths.affine(
        [weights[j], ...memory[j], ...s],
        parameters.matrix('gru_kernel'),
        parameters.vector('gru_bias'),
      );
      const opened = maths.affine(c, recurrent);
      const gates = opened.slice(0, 2 * d).map((x, n) => maths.sigmoid(maths.add(x, input[n])));
      const [z, r] = [gates.slice(0, d), gates.slice(d)];
      const reset = maths.affine(
        c.map((x, n) => maths.mul(x, r[n])),
        recurrent,
      );
      return c.map((x, n) => {
        const fresh = maths.tanh(maths.add(reset[2 * d + n], input[2 * d + n]));
        return maths.add(maths.mul(maths.rest(z[n]), x), maths.mul(z[n], fresh));
      });
    });
    return { weights, left: () => ({ coverage: next.flat() }) };
  });
};
