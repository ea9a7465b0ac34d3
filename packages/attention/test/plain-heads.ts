import { affine, dotOf, softmax, weighted, type Matrix, type Plain, type PlainInputs, type Vector } from './plain.js';

/**
 * Mechanisms with heads, written out from their formulas in float64 loops as those in `plain.ts` are. All weights are kept, [G][T][Tk], as
 * some mechanisms mix them.
 */
interface Heads {
  readonly heads: number;
  readonly keyHeads?: number;
  readonly width: number;
  readonly valueWidth: number;
  /** Heads of values, when they aren't those of keys. */
  readonly valueHeads?: number;
}

/** What a variant does on the way, each with what is there so far. Indices are of head, query and position. */
interface Steps {
  /** Queries or keys [H][D] of one position, before they are compared. */
  norm?(which: 'query' | 'key', heads: Matrix, p: PlainInputs, position: number): Matrix;
  scale?: number;
  /** Whether position j may be attended to, besides what the caller says. */
  allows?(i: number, j: number): boolean;
  /** [H][T][Tk] → [G][T][Tk] */
  scores?(scores: Matrix[], p: PlainInputs, open: (i: number, j: number) => boolean, row: Matrix): Matrix[];
  /** One row of scores → weights. */
  weigh?(scores: Vector, open: (j: number) => boolean, p: PlainInputs, head: number): Vector;
  weights?(weights: Matrix[], p: PlainInputs, open: (i: number, j: number) => boolean): Matrix[];
  /** The contexts of a query, by head. */
  contexts?(contexts: Matrix, p: PlainInputs, query: Vector): Matrix;
}

const vector = (p: PlainInputs, name: string): Vector => p[name] as Vector;
const matrix = (p: PlainInputs, name: string): Matrix => p[name] as Matrix;
const split = (x: Vector, heads: number): Matrix =>
  Array.from({ length: heads }, (_, h) => x.slice((h * x.length) / heads, ((h + 1) * x.length) / heads));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const rms = (x: Vector, epsilon: number, gain?: Vector): Vector => {
  const size = Math.sqrt(dotOf(x, x) / x.length + epsilon);
  return x.map((value, n) => (value / size) * (gain?.[n] ?? 1));
};

/** Turns pairs of neighbours, as `rotary` does by default. */
function turned(x: Vector, position: number, base = 10000): Vector {
  const result = [...x];
  for (let i = 0; i < x.length; i += 2) {
    const angle = position / base ** (i / x.length);
    result[i] = x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle);
    result[i + 1] = x[i] * Math.sin(angle) + x[i + 1] * Math.cos(angle);
  }
  return result;
}

export const plainHeads =
  ({ heads, keyHeads = heads, width, valueHeads = keyHeads }: Heads, steps: Steps = {}): Plain =>
  (p, allowed = () => true) =>
    p.query.map((row, b) => {
      const { norm = (_, x) => x, scale = 1 / Math.sqrt(width), allows = () => true } = steps;
      const project = (layer: string, x: Vector, count: number): Matrix =>
        split(affine(x, matrix(p, `${layer}_kernel`), p[`${layer}_bias`] as Vector | undefined), count);
      const q = row.map((x, i) => norm('query', project('query', x, heads), p, i));
      const k = p.memory[b].map((x, j) => norm('key', project('key', x, keyHeads), p, j));
      const v = p.memory[b].map((x) => project('value', x, valueHeads));
      const open = (i: number, j: number): boolean => allowed(b, i, j) && allows(i, j);
      const products = Array.from({ length: heads }, (_, h) =>
        q.map((query) => k.map((key) => scale * dotOf(query[h], key[Math.floor((h * keyHeads) / heads)]))),
      );
      const scores = steps.scores?.(products, p, open, row) ?? products;
      const { weigh = softmax } = steps;
      const plain = scores.map((rows, g) => rows.map((one, i) => weigh(one, (j) => open(i, j), p, g)));
      const weights = steps.weights?.(plain, p, open) ?? plain;
      return row.map((x, i) => {
        const contexts = weights.map((rows, h) =>
          weighted(
            rows[i],
            v.map((one) => one[Math.floor((h * valueHeads) / weights.length)]),
          ),
        );
        const finished = steps.contexts?.(contexts, p, x) ?? contexts;
        return affine(finished.flat(), matrix(p, 'output_kernel'), p['output_bias'] as Vector | undefined);
      });
    });

export const qkNorms: Readonly<Record<'head' | 'full' | 'l2', Steps>> = {
  head: { norm: (which, heads, p) => heads.map((head) => rms(head, 1e-6, vector(p, `${which}_gain`))) },
  full: { norm: (which, heads, p) => split(rms(heads.flat(), 1e-6, vector(p, `${which}_gain`)), heads.length) },
  l2: {
    scale: 1,
    norm: (which, heads, p) =>
      heads.map((head) => {
        const size = Math.sqrt(dotOf(head, head));
        return head.map((x) => ((which === 'query' ? (p['norm_scale'] as number) : 1) * x) / size);
      }),
  },
};

export const gated: Steps = {
  contexts(contexts, p, query) {
    const gates = affine(query, matrix(p, 'gate_kernel')).map(sigmoid);
    const each = gates.length / contexts.length;
    return contexts.map((head, h) => head.map((x, d) => x * gates[each === 1 ? h : h * each + d]));
  },
};

export const withSinks: Steps = {
  weigh: (scores, open, p, head) =>
    softmax([...scores, vector(p, 'sinks')[head]], (j) => j === scores.length || open(j)).slice(0, -1),
};

export const bySigmoid: Steps = {
  weigh: (scores, open, p, head) =>
    scores.map((score, j) => (open(j) ? sigmoid(score + vector(p, 'sigmoid_bias')[head]) : 0)),
};

/** By bisection, from the definition. */
export const byEntmax: Steps = {
  weigh(scores, open, p, head) {
    const alpha = p['alpha'] === undefined ? 1.3 : 1 + sigmoid(vector(p, 'alpha')[head]);
    const z = scores.map((score, j) => (open(j) ? (alpha - 1) * score : -Infinity));
    const most = Math.max(...z);
    if (most === -Infinity) return z.map(() => 0);
    const at = (tau: number): Vector => z.map((x) => Math.max(x - tau, 0) ** (1 / (alpha - 1)));
    let [low, high] = [most - 1, most];
    for (let step = 0; step < 200; step++) {
      const middle = (low + high) / 2;
      if (at(middle).reduce((a, c) => a + c, 0) >= 1) low = middle;
      else high = middle;
    }
    return at(low);
  },
};

const mixed = (heads: Matrix[], kernel: Matrix): Matrix[] =>
  kernel[0].map((_, to) =>
    heads[0].map((row, i) =>
      row.map((_, j) => heads.reduce((sum, one, from) => sum + one[i][j] * kernel[from][to], 0)),
    ),
  );

export const talking: Steps = {
  scores: (scores, p) => mixed(scores, matrix(p, 'logit_kernel')),
  weights: (weights, p) => mixed(weights, matrix(p, 'weight_kernel')),
};

/** Softmax first, then the soft mask and a division by the sum, as in the published code. */
export const spanning = (max: number, ramp: number, dynamic: boolean): Steps => {
  const spans = (p: PlainInputs, x: Vector): Vector =>
    dynamic
      ? affine(x, matrix(p, 'span_kernel'), vector(p, 'span_bias')).map((z) => max * sigmoid(z))
      : vector(p, 'span');
  return {
    allows: (i, j) => j <= i && i - j <= max,
    scores: (scores, p, _, row) =>
      scores.map((rows, h) =>
        rows.map((one, i) =>
          one.map((score, j) => {
            const soft = Math.min(Math.max((ramp + spans(p, row[i])[h] - (i - j)) / ramp, 0), 1);
            return soft === 0 ? -Infinity : score + Math.log(soft);
          }),
        ),
      ),
  };
};

/** The first positions and the last ones. */
export const streaming = (sinks: number, window: number): Steps => ({
  allows: (i, j) => j <= i && (j < sinks || i - j < window),
});

/** λ of all heads, from layer 0: 0.8 − 0.6·exp(0) = 0.2. */
const INITIAL_LAMBDA = 0.2;

/** Heads 2h and 2h + 1 of queries and keys, and head h of the values. */
export const plainDifferential = (heads: number, width: number): Plain => {
  const lambda = (p: PlainInputs): number => {
    const exp = (n: number): number => Math.exp(dotOf(vector(p, `lambda_q${n}`), vector(p, `lambda_k${n}`)));
    return exp(1) - exp(2) + INITIAL_LAMBDA;
  };
  return plainHeads(
    { heads: 2 * heads, width, valueWidth: 2 * width, valueHeads: heads },
    {
      weights: (weights, p) =>
        Array.from({ length: heads }, (_, h) =>
          weights[2 * h].map((row, i) => row.map((w, j) => w - lambda(p) * weights[2 * h + 1][i][j])),
        ),
      contexts: (contexts, p) =>
        contexts.map((head) => rms(head, 1e-5, vector(p, 'gain')).map((x) => (1 - INITIAL_LAMBDA) * x)),
    },
  );
};

/** Convolutions over [queries, keys] and mixing within groups of heads. */
export const multiToken = (group: number): Steps => {
  const convolved = (x: Matrix[], kernels: Matrix[], open: (i: number, j: number) => boolean): Matrix[] =>
    x.map((rows, h) =>
      rows.map((row, i) =>
        row.map((_, j) => {
          let sum = 0;
          kernels[h].forEach((taps, a) =>
            taps.forEach((tap, c) => {
              const [from, at] = [i - (kernels[h].length - 1) + a, j - (taps.length - 1) / 2 + c];
              if (from >= 0 && at >= 0 && at < row.length && open(from, at)) sum += tap * rows[from][at];
            }),
          );
          return sum;
        }),
      ),
    );
  const kernels = (p: PlainInputs, name: string): Matrix[] => p[name] as Matrix[];
  return {
    allows: (i, j) => j <= i,
    scores: (scores, p, open) => convolved(scores, kernels(p, 'key_query_kernel'), open),
    weights(weights, p, open) {
      const smooth = convolved(weights, kernels(p, 'post_kernel'), open);
      return smooth.map((rows, to) => {
        const first = to - (to % group);
        const kernel = kernels(p, 'head_kernel')[first / group];
        return rows.map((row, i) =>
          row.map((_, j) =>
            open(i, j) ? kernel.reduce((sum, taps, from) => sum + smooth[first + from][i][j] * taps[to - first], 0) : 0,
          ),
        );
      });
    },
    contexts: (contexts, p) =>
      contexts.map((head) => rms(head, 1e-5, vector(p, 'gain')).map((x) => (1 - INITIAL_LAMBDA) * x)),
  };
};

/** One softmax over all pairs of positions. */
export const plainTwoSimplicial =
  (heads: number, width: number, [first, second]: readonly [number, number] = [Infinity, Infinity]): Plain =>
  (p, allowed = () => true) =>
    p.query.map((row, b) => {
      const project = (layer: string, x: Vector): Matrix => split(affine(x, matrix(p, `${layer}_kernel`)), heads);
      const [k1, k2, v1, v2] = ['key', 'second_key', 'value', 'second_value'].map((layer) =>
        p.memory[b].map((x) => project(layer, x)),
      );
      const near = (i: number, j: number, window: number): boolean => window === Infinity || (j <= i && i - j < window);
      return row.map((x, i) => {
        const q = project('query', x);
        const contexts = q.map((query, h) => {
          const pairs = k1.flatMap((_, j) => k2.map((_, l): [number, number] => [j, l]));
          const scores = pairs.map(
            ([j, l]) => query.reduce((sum, value, d) => sum + value * k1[j][h][d] * k2[l][h][d], 0) / Math.sqrt(width),
          );
          const weights = softmax(scores, (n) => {
            const [j, l] = pairs[n];
            return allowed(b, i, j) && allowed(b, i, l) && near(i, j, first) && near(i, l, second);
          });
          return weighted(
            weights,
            pairs.map(([j, l]) => v1[j][h].map((value, d) => value * v2[l][h][d])),
          );
        });
        return affine(contexts.flat(), matrix(p, 'output_kernel'));
      });
    });

/** Keys and values made of latents, with one rotary key of all heads. */
export const plainLatent =
  (heads: number, width: number, rotaryWidth: number): Plain =>
  (p, allowed = () => true) =>
    p.query.map((row, b) => {
      const latents = p.memory[b].map((x) => rms(affine(x, matrix(p, 'down_kernel')), 1e-6, vector(p, 'latent_gain')));
      const k = latents.map((c) => split(affine(c, matrix(p, 'key_up_kernel')), heads));
      const v = latents.map((c) => split(affine(c, matrix(p, 'value_up_kernel')), heads));
      const rotaryKeys = p.memory[b].map((x, j) => turned(affine(x, matrix(p, 'rotary_key_kernel')), j));
      return row.map((x, i) => {
        const asked = rms(affine(x, matrix(p, 'query_down_kernel')), 1e-6, vector(p, 'query_latent_gain'));
        const contexts = split(affine(asked, matrix(p, 'query_kernel')), heads).map((query, h) => {
          const [content, position] = [query.slice(0, width), turned(query.slice(width), i)];
          const scores = k.map(
            (key, j) => (dotOf(content, key[h]) + dotOf(position, rotaryKeys[j])) / Math.sqrt(width + rotaryWidth),
          );
          const weights = softmax(scores, (j) => j <= i && allowed(b, i, j));
          return weighted(
            weights,
            v.map((value) => value[h]),
          );
        });
        return affine(contexts.flat(), matrix(p, 'output_kernel'));
      });
    });
