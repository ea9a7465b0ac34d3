import type { Node } from '../tape.js';
import type { Attended, ConfigOf, Formula, Row } from './formula.js';
import { attendByHeads, project, split } from './heads.js';
import type { Maths, Matrix, Vector } from './maths.js';
import { turned } from './rotary.js';

const HEAD_EPSILON = 1e-5;
/** Beside the squares under the root of a length. */
const LENGTH_EPSILON = 1e-6;

/** elu(x) + 1 of each number (Katharopoulos et al. 2020, eq. 7). */
const features = (maths: Maths, x: Vector): Vector =>
  x.map((a): Node => (maths.value(a) > 0 ? maths.add(a, maths.constant(1)) : maths.exp(a)));

/** Katharopoulos et al. 2020, eq. 4: φ(q)·φ(k) over its sum. */
export const linear: Formula<ConfigOf<'linear'>> = (row) => {
  const { maths } = row;
  const { heads, headWidth } = row.config;
  return attendByHeads(
    row,
    { heads, width: headWidth },
    {
      place: (_, x) => x.map((head) => features(maths, head)),
      scale: 1,
      weigh: (products, open) => maths.overSum(products.map((x, j) => (open(j) ? x : maths.constant(0)))),
    },
  );
};

/** Sun et al. 2023, eq. 5 (q·k times γ^(i − j), up to the query's own position) and eq. 8 (γ of each head, norm, gate). */
export const retention: Formula<ConfigOf<'retention'>> = (row) => {
  const { maths } = row;
  const { heads, headWidth, rotary } = row.config;
  const isSeen = (i: number, j: number): boolean => j <= i && row.open(i, j);
  return attendByHeads(
    row,
    { heads, width: headWidth },
    {
      place: (_, x, position) => (rotary ? x.map((head) => turned(maths, head, position, rotary)) : x),
      scores: (products) =>
        products.map((rows, h) =>
          rows.map((one, i) =>
            one.map((x, j) => (isSeen(i, j) ? maths.scaled(x, (1 - 2 ** (-5 - h)) ** (i - j)) : maths.constant(0))),
          ),
        ),
      weigh: (scores) => scores,
      contexts: (contexts, query) => gated(row, contexts, query),
    },
  );
};

/** Yang, Kautz & Hatamizadeh 2024, eq. 10, one position after the other, and one state for each query. */
export const gatedDelta: Formula<ConfigOf<'gatedDelta'>> = (row): Attended => {
  const { maths, parameters, query, memory } = row;
  const { heads, headWidth } = row.config;
  const parts = (layer: string, x: Vector): Matrix => split(project(row, layer, x), heads);
  const queries = query.map((x) => parts('query', x).map((q) => unit(maths, q)));
  const keys = memory.map((x) => parts('key', x).map((k) => unit(maths, k)));
  const values = memory.map((x) => parts('value', x));
  const alphas = memory.map((x) =>
    project(row, 'decay', x).map((step, h) => {
      const rate = maths.exp(parameters.vector('log_rate')[h]);
      return maths.exp(maths.scaled(maths.mul(rate, maths.softplus(step)), -1));
    }),
  );
  const betas = memory.map((x) => project(row, 'beta', x).map((b) => maths.sigmoid(b)));
  /** What query i of head h reads of values [Tk][W] in its state. */
  const read = (i: number, h: number, written: Matrix): Vector => {
    let state: Matrix = keys[0][h].map(() => maths.zeros(written[0].length)); // [D][W]
    memory.forEach((_, j) => {
      if (j > i || !row.open(i, j)) return;
      const key = keys[j][h];
      const left = state.map((numbers) => numbers.map((x) => maths.mul(x, alphas[j][h])));
      const held = maths.weighted(key, left);
      const news = written[j].map((x, n) => maths.mul(betas[j][h], maths.sub(x, held[n])));
      state = left.map((numbers, d) => numbers.map((x, n) => maths.add(x, maths.mul(key[d], news[n]))));
    });
    return maths.weighted(queries[i][h], state).map((x) => maths.scaled(x, 1 / Math.sqrt(headWidth)));
  };
  const apart = memory.map((_, j) => memory.map((__, n) => maths.constant(Number(n === j))));
  const each = Array.from({ length: heads }, (_, h) => h);
  return {
    weights: each.map((h) => query.map((_, i) => read(i, h, apart))),
    context: query.map((x, i) => {
      const contexts = each.map((h) =>
        read(
          i,
          h,
          values.map((value) => value[h]),
        ),
      );
      return project(row, 'output', gated(row, contexts, x).flat());
    }),
  };
};

/** x/√(Σ x² + ε) */
function unit(maths: Maths, x: Vector): Vector {
  const inverse = maths.inverseRoot(maths.add(maths.dot(x, x), maths.constant(LENGTH_EPSILON)));
  return x.map((value) => maths.mul(value, inverse));
}

/** Heads over their root mean square, times a gain where there is one, and x·σ(x) of a projection of the query. */
function gated(row: Row<unknown>, contexts: Matrix, query: Vector): Matrix {
  const { maths, parameters } = row;
  const gain = parameters.has('gain') ? parameters.vector('gain') : undefined;
  const gates = split(project(row, 'gate', query), contexts.length);
  return contexts.map((head, h) =>
    maths.rms(head, HEAD_EPSILON, gain).map((x, n) => maths.mul(x, maths.mul(gates[h][n], maths.sigmoid(gates[h][n])))),
  );
}
