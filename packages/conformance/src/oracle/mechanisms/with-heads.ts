import type { ConfigOf, Formula } from './formula.js';
import { attendByHeads, joined, project, split } from './heads.js';
import type { Cube, Matrix, Vector } from './maths.js';
import { turned } from './rotary.js';

/** λ_init of a layer (Ye et al. 2024, §2.1). */
const initialLambda = (depth: number): number => 0.8 - 0.6 * Math.exp(-0.3 * depth);

const HEAD_EPSILON = 1e-5;
const LATENT_EPSILON = 1e-6;

/** Ye et al. 2024, eq. 1 to 3: heads 2h and 2h + 1 of queries and keys, and head h of the values. */
export const differential: Formula<ConfigOf<'differential'>> = (row) => {
  const { maths, parameters } = row;
  const { heads, headWidth, depth } = row.config;
  const first = initialLambda(depth);
  const exp = (n: number) => maths.exp(maths.dot(parameters.vector(`lambda_q${n}`), parameters.vector(`lambda_k${n}`)));
  const lambda = maths.add(maths.sub(exp(1), exp(2)), maths.constant(first));
  return attendByHeads(
    row,
    { heads: 2 * heads, valueHeads: heads, width: headWidth },
    {
      weights: (weights) =>
        Array.from({ length: heads }, (_, h) =>
          weights[2 * h].map((one, i) => one.map((w, j) => maths.sub(w, maths.mul(lambda, weights[2 * h + 1][i][j])))),
        ),
      contexts: (contexts) =>
        contexts.map((head) =>
          maths.rms(head, HEAD_EPSILON, parameters.vector('gain')).map((x) => maths.scaled(x, 1 - first)),
        ),
    },
  );
};

/** Golovneva et al. 2025, §3: scores and weights convolved over queries and keys, heads mixed in groups. */
export const multiToken: Formula<ConfigOf<'multiToken'>> = (row) => {
  const { maths, parameters } = row;
  const { heads, headWidth, headGroup, norm, depth } = row.config;
  type IsOpen = (i: number, j: number) => boolean;
  /** What is masked counts as 0 for its neighbours. */
  const convolved = (x: Cube, kernels: Cube, open: IsOpen): Cube =>
    x.map((rows, h) =>
      rows.map((one, i) =>
        one.map((_, j) =>
          maths.sum(
            kernels[h].flatMap((taps, a) =>
              taps.flatMap((tap, c) => {
                const [from, at] = [i - (kernels[h].length - 1) + a, j - (taps.length - 1) / 2 + c];
                const isThere = from >= 0 && at >= 0 && at < one.length && open(from, at);
                return isThere ? [maths.mul(tap, rows[from][at])] : [];
              }),
            ),
          ),
        ),
      ),
    );
  const mixedInGroups = (x: Cube, group: number, open: IsOpen): Cube =>
    x.map((rows, to) => {
      const first = to - (to % group);
      const kernel = parameters.cube('head_kernel')[first / group];
      return rows.map((one, i) =>
        one.map((_, j) =>
          open(i, j)
            ? maths.sum(kernel.map((taps, from) => maths.mul(x[first + from][i][j], taps[to - first])))
            : maths.constant(0),
        ),
      );
    });
  return attendByHeads(
    row,
    { heads, width: headWidth },
    {
      allows: (i, j) => j <= i,
      scores: (products, open) => convolved(products, parameters.cube('key_query_kernel'), open),
      weights(weights, open) {
        const smooth = parameters.has('post_kernel')
          ? convolved(weights, parameters.cube('post_kernel'), open).map((rows) =>
              rows.map((one, i) => one.map((w, j) => (open(i, j) ? w : maths.constant(0)))),
            )
          : weights;
        return headGroup === undefined ? smooth : mixedInGroups(smooth, headGroup, open);
      },
      ...(norm && {
        contexts: (contexts: Matrix) =>
          contexts.map((head) =>
            maths
              .rms(head, HEAD_EPSILON, parameters.vector('gain'))
              .map((x) => maths.scaled(x, 1 - initialLambda(depth))),
          ),
      }),
    },
  );
};

/** Roy et al. 2025, eq. 5 to 8: one softmax over all pairs of positions; weights are those of the first ones. */
export const twoSimplicial: Formula<ConfigOf<'twoSimplicial'>> = (row) => {
  const { maths, query, memory, open } = row;
  const { heads, headWidth, windows } = row.config;
  const layers = (layer: string): Cube => memory.map((x) => split(project(row, layer, x), heads));
  const [k1, k2, v1, v2] = ['key', 'second_key', 'value', 'second_value'].map(layers);
  const near = (i: number, j: number, which: 0 | 1): boolean =>
    open(i, j) && (windows === undefined || (j <= i && i - j < windows[which]));
  const pairs = memory.flatMap((_, j) => memory.map((__, l) => [j, l] as const));
  const seen = query.map((x, i) =>
    split(project(row, 'query', x), heads).map((q, h) => {
      const scores = pairs.map(([j, l]) => {
        const terms = q.map((value, d) => maths.mul(maths.mul(value, k1[j][h][d]), k2[l][h][d]));
        return maths.scaled(maths.sum(terms), 1 / Math.sqrt(headWidth));
      });
      const weights = maths.softmax(scores, (n) => near(i, pairs[n][0], 0) && near(i, pairs[n][1], 1));
      const values = pairs.map(([j, l]) => v1[j][h].map((value, d) => maths.mul(value, v2[l][h][d])));
      const ofFirst = memory.map((_, j) => maths.sum(weights.filter((__, n) => pairs[n][0] === j)));
      return { context: maths.weighted(weights, values), ofFirst };
    }),
  );
  return {
    context: seen.map((ofHeads) => joined(row, ofHeads)),
    weights: Array.from({ length: heads }, (_, h) => seen.map((ofHeads) => ofHeads[h].ofFirst)),
  };
};

/** DeepSeek-AI 2024, §2.1: keys and values made of latents, with one rotary key of all heads. */
export const latent: Formula<ConfigOf<'latent'>> = (row) => {
  const { maths, parameters, query, memory } = row;
  const { heads, headWidth, rotaryWidth, base, norm } = row.config;
  const normed = (x: Vector, gain: string): Vector =>
    norm ? maths.rms(x, LATENT_EPSILON, parameters.vector(gain)) : x;
  const latents = memory.map((x) => normed(project(row, 'down', x), 'latent_gain'));
  const keys = latents.map((c) => split(project(row, 'key_up', c), heads));
  const values = latents.map((c) => split(project(row, 'value_up', c), heads));
  const turn = (x: Vector, position: number): Vector => turned(maths, x, position, { base });
  const rotaryKeys = memory.map((x, j) => turn(project(row, 'rotary_key', x), j));
  const seen = query.map((x, i) => {
    const asked = parameters.has('query_down_kernel') ? normed(project(row, 'query_down', x), 'query_latent_gain') : x;
    return split(project(row, 'query', asked), heads).map((q, h) => {
      const [content, position] = [q.slice(0, headWidth), turn(q.slice(headWidth), i)];
      const scores = keys.map((key, j) =>
        maths.scaled(
          maths.add(maths.dot(content, key[h]), maths.dot(position, rotaryKeys[j])),
          1 / Math.sqrt(headWidth + rotaryWidth),
        ),
      );
      const weights = maths.softmax(scores, (j) => j <= i && row.open(i, j));
      return {
        weights,
        context: maths.weighted(
          weights,
          values.map((value) => value[h]),
        ),
      };
    });
  });
  return {
    context: seen.map((ofHeads) => joined(row, ofHeads)),
    weights: Array.from({ length: heads }, (_, h) => seen.map((ofHeads) => ofHeads[h].weights)),
  };
};
