/**
 * The mechanisms written out from their formulas with float64 loops over nested arrays: no tensors, nothing of Heed's.
 * Axes: b batch, i query, j memory position.
 */
export type Vector = number[];
export type Matrix = Vector[];
type Cube = Matrix[];

/** Whether query i of row b may attend to position j. */
type Allowed = (b: number, i: number, j: number) => boolean;

export interface PlainInputs {
  readonly query: Cube;
  readonly memory: Cube;
  readonly [parameter: string]: Cube | Matrix | Vector | number;
}

export type Plain = (inputs: PlainInputs, allowed?: Allowed) => Cube;

export const dotOf = (a: Vector, b: Vector): number => a.reduce((sum, x, n) => sum + x * b[n], 0);
/** xᵀW + b */
export const affine = (x: Vector, w: Matrix, b?: Vector): Vector =>
  w[0].map((_, o) => x.reduce((sum, value, n) => sum + value * w[n][o], b?.[o] ?? 0));

export function softmax(scores: Vector, allowed: (j: number) => boolean): Vector {
  const taking = scores.map((score, j) => (allowed(j) ? score : -Infinity));
  const most = Math.max(...taking);
  if (most === -Infinity) return scores.map(() => 0);
  const exps = taking.map((score) => Math.exp(score - most));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / total);
}

export const weighted = (weights: Vector, values: Matrix): Vector =>
  values[0].map((_, m) => weights.reduce((sum, weight, j) => (weight === 0 ? sum : sum + weight * values[j][m]), 0));

const mean = (scores: Vector, values: Matrix, allowed: (j: number) => boolean): Vector =>
  weighted(softmax(scores, allowed), values);

const scored =
  (score: (s: Vector, h: Vector, inputs: PlainInputs) => number): Plain =>
  (inputs, allowed = () => true) =>
    inputs.query.map((row, b) =>
      row.map((s, i) =>
        mean(
          inputs.memory[b].map((h) => score(s, h, inputs)),
          inputs.memory[b],
          (j) => allowed(b, i, j),
        ),
      ),
    );

const cosineOf = (a: Vector, b: Vector): number => dotOf(a, b) / Math.sqrt(dotOf(a, a) * dotOf(b, b));

/** @param more what is added to the sum in tanh */
function energy(s: Vector, h: Vector, p: PlainInputs, more: (u: number) => number): number {
  const q = affine(s, p['query_kernel'] as Matrix, p['bias'] as Vector | undefined);
  const k = affine(h, p['memory_kernel'] as Matrix);
  const v = p['vector'] as Vector;
  const size = p['gain'] === undefined ? 1 : (p['gain'] as number) / Math.sqrt(dotOf(v, v));
  return v.reduce((sum, value, u) => sum + size * value * Math.tanh(q[u] + k[u] + more(u)), 0);
}

export const plainAdditive = scored((s, h, p) => energy(s, h, p, () => 0));

/** Query i is told the sum of the weights of the queries before it. */
export const plainCoverage: Plain = (p, allowed = () => true) =>
  p.query.map((row, b) => {
    const memory = p.memory[b];
    const [kernel] = p['coverage_kernel'] as Matrix;
    let covered = memory.map(() => 0);
    return row.map((s, i) => {
      const scores = memory.map((h, j) => energy(s, h, p, (u) => kernel[u] * covered[j]));
      const weights = softmax(scores, (j) => allowed(b, i, j));
      covered = covered.map((sum, j) => sum + weights[j]);
      return weighted(weights, memory);
    });
  });

export const plainConcat = scored((s, h, p) =>
  dotOf(
    p['vector'] as Vector,
    affine([...s, ...h], p['kernel'] as Matrix).map((x) => Math.tanh(x)),
  ),
);

export const plainDot = scored(dotOf);
export const plainGeneral = scored((s, h, p) => dotOf(s, affine(h, p['memory_kernel'] as Matrix)));
export const plainCosine = scored((s, h, p) => ((p['scale'] as number | undefined) ?? 1) * cosineOf(s, h));
export const plainScaledDotProduct = scored(
  (s, h, p) => ((p['scale'] as number | undefined) ?? 1 / Math.sqrt(s.length)) * dotOf(s, h),
);

interface Heads {
  readonly heads: number;
  readonly keyHeads: number;
  readonly headWidth: number;
  readonly valueWidth: number;
  readonly rotary?: { readonly layout: 'interleaved' | 'half'; readonly width: number; readonly base: number };
  readonly alibi?: readonly number[];
  readonly reach?: number;
  readonly softCap?: number;
}

/** Query i sits on memory position i. */
export const plainMultiHead =
  ({ heads, keyHeads, headWidth, valueWidth, rotary, alibi, reach, softCap }: Heads): Plain =>
  (p, allowed = () => true) => {
    const bias = (name: string): Vector | undefined => p[`${name}_bias`] as Vector | undefined;
    const part = (x: Vector, head: number, width: number): Vector => x.slice(head * width, (head + 1) * width);
    const turned = (x: Vector, position: number): Vector => {
      if (rotary === undefined) return x;
      const { width, base, layout } = rotary;
      const result = [...x];
      for (let i = 0; i < width / 2; i++) {
        const [first, second] = layout === 'half' ? [i, i + width / 2] : [2 * i, 2 * i + 1];
        const angle = position / base ** ((2 * i) / width);
        result[first] = x[first] * Math.cos(angle) - x[second] * Math.sin(angle);
        result[second] = x[first] * Math.sin(angle) + x[second] * Math.cos(angle);
      }
      return result;
    };
    return p.query.map((row, b) => {
      const q = row.map((x) => affine(x, p['query_kernel'] as Matrix, bias('query')));
      const k = p.memory[b].map((x) => affine(x, p['key_kernel'] as Matrix, bias('key')));
      const v = p.memory[b].map((x) => affine(x, p['value_kernel'] as Matrix, bias('value')));
      return row.map((_, i) => {
        const context = Array.from({ length: heads }, (_, h) => {
          const group = Math.floor(h / (heads / keyHeads));
          const scores = k.map((key, j) => {
            const raw =
              dotOf(turned(part(q[i], h, headWidth), i), turned(part(key, group, headWidth), j)) / Math.sqrt(headWidth);
            const score = softCap === undefined ? raw : softCap * Math.tanh(raw / softCap);
            const table = p['relative'] as Matrix | undefined;
            const learned =
              table === undefined
                ? 0
                : table[table.length === 1 ? 0 : h][Math.min(Math.max(j - i, -reach!), reach!) + reach!];
            return score - (alibi?.[h] ?? 0) * Math.abs(j - i) + learned;
          });
          return mean(
            scores,
            v.map((value) => part(value, group, valueWidth)),
            (j) => allowed(b, i, j),
          );
        });
        return affine(context.flat(), p['output_kernel'] as Matrix, bias('output'));
      });
    });
  };

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log(1 + Math.exp(x));
const sumOf = (x: Vector): number => x.reduce((a, b) => a + b, 0);
const scaledToOne = (x: Vector): Vector => {
  const total = sumOf(x);
  return x.map((value) => (total === 0 ? 0 : value / total));
};

/**
 * Steps one after the other: a query and what the steps before left → weights, and what is left now.
 *
 * @param start what is there before the first step of a row
 */
const stepping =
  <Left>(
    start: (memory: Matrix, p: PlainInputs) => Left,
    step: (
      s: Vector,
      memory: Matrix,
      left: Left,
      p: PlainInputs,
      allowed: (j: number) => boolean,
      count: number,
    ) => { readonly weights: Vector; readonly left: (context: Vector) => Left },
  ): Plain =>
  (p, allowed = () => true) =>
    p.query.map((row, b) => {
      const memory = p.memory[b];
      let left = start(memory, p);
      return row.map((s, i) => {
        const count = memory.reduce((last, _, j) => (allowed(b, i, j) ? j + 1 : last), 0);
        const taken = step(s, memory, left, p, (j) => allowed(b, i, j), count);
        const context = weighted(taken.weights, memory);
        left = taken.left(context);
        return context;
      });
    });

const firstOf = (memory: Matrix): Vector => memory.map((_, j) => (j === 0 ? 1 : 0));
const energies = (
  s: Vector,
  memory: Matrix,
  p: PlainInputs,
  more: (j: number, u: number) => number = () => 0,
): Vector => memory.map((h, j) => energy(s, h, p, (u) => more(j, u)));

export const plainCoverageLinguistic = ({ maxFertility }: { maxFertility: number }): Plain =>
  stepping(
    (memory) => memory.map(() => 0),
    (s, memory, covered, p, allowed) => {
      const [kernel] = p['coverage_kernel'] as Matrix;
      const scores = energies(s, memory, p, (j, u) => kernel[u] * covered[j]);
      const weights = softmax(scores, allowed);
      const fertility = memory.map((h) => maxFertility * sigmoid(dotOf(h, p['fertility_kernel'] as Vector)));
      return { weights, left: () => covered.map((c, j) => c + weights[j] / fertility[j]) };
    },
  );

export const plainCoverageGru = ({ d }: { d: number }): Plain =>
  stepping(
    (memory) => memory.map(() => Array.from({ length: d }, () => 0)),
    (s, memory, covered, p, allowed) => {
      const told = covered.map((c) => affine(c, p['coverage_kernel'] as Matrix));
      const weights = softmax(
        energies(s, memory, p, (j, u) => told[j][u]),
        allowed,
      );
      const back = p['gru_recurrent_kernel'] as Matrix;
      const next = (j: number): Vector => {
        const c = covered[j];
        const input = affine([weights[j], ...memory[j], ...s], p['gru_kernel'] as Matrix, p['gru_bias'] as Vector);
        const z = affine(c, back)
          .map((x, n) => sigmoid(x + input[n]))
          .slice(0, d);
        const r = affine(c, back)
          .map((x, n) => sigmoid(x + input[n]))
          .slice(d, 2 * d);
        const fresh = affine(
          c.map((x, n) => x * r[n]),
          back,
        )
          .map((x, n) => Math.tanh(x + input[n]))
          .slice(2 * d);
        return c.map((x, n) => (1 - z[n]) * x + z[n] * fresh[n]);
      };
      return { weights, left: () => memory.map((_, j) => next(j)) };
    },
  );

export const plainLocationSensitive = ({
  source,
  smooth = false,
}: {
  source: 'previous' | 'cumulative' | 'both';
  smooth?: boolean;
}): Plain =>
  stepping(
    (memory) => ({ previous: memory.map(() => 0), cumulative: memory.map(() => 0) }),
    (s, memory, { previous, cumulative }, p, allowed) => {
      const channels = { previous: [previous], cumulative: [cumulative], both: [previous, cumulative] }[source];
      const filters = p['filters'] as Cube; // [R, C, F]
      const kernel = p['location_kernel'] as Matrix;
      const reach = (filters.length - 1) / 2;
      const told = memory.map((_, j) => {
        const features = kernel.map((__, f) =>
          sumOf(filters.flatMap((tap, r) => channels.map((seen, c) => tap[c][f] * (seen[j + r - reach] ?? 0)))),
        );
        return affine(features, kernel);
      });
      const scores = energies(s, memory, p, (j, u) => told[j][u]);
      const weights = smooth
        ? scaledToOne(scores.map((score, j) => (allowed(j) ? sigmoid(score) : 0)))
        : softmax(scores, allowed);
      return { weights, left: () => ({ previous: weights, cumulative: cumulative.map((c, j) => c + weights[j]) }) };
    },
  );

const stopping = (s: Vector, memory: Matrix, p: PlainInputs, allowed: (j: number) => boolean): Vector =>
  energies(s, memory, p).map((e, j) => (allowed(j) ? sigmoid(e + (p['offset'] as number)) : 0));

/** By all paths: it stops at j, having begun at k ≤ j and passed all between. */
const alignment = (p: Vector, previous: Vector): Vector =>
  p.map((here, j) =>
    sumOf(
      previous
        .slice(0, j + 1)
        .map((began, k) => began * here * p.slice(k, j).reduce((all, passed) => all * (1 - passed), 1)),
    ),
  );

export const plainMonotonic: Plain = stepping(firstOf, (s, memory, previous, p, allowed) => {
  const weights = alignment(stopping(s, memory, p, allowed), previous);
  return { weights, left: () => weights };
});

export const plainMocha = ({ chunk }: { chunk: number }): Plain =>
  stepping(firstOf, (s, memory, previous, p, allowed) => {
    const stops = alignment(stopping(s, memory, p, allowed), previous);
    const ofChunks = Object.fromEntries(
      ['query_kernel', 'memory_kernel', 'vector', 'bias'].map((key) => [key, p[`chunk_${key}`]]),
    );
    const scores = energies(s, memory, { ...p, ...ofChunks, gain: undefined } as never);
    const weights = memory.map((_, j) =>
      sumOf(stops.map((stop, k) => stop * softmax(scores, (l) => allowed(l) && l > k - chunk && l <= k)[j])),
    );
    return { weights, left: () => stops };
  });

export const plainStepwise: Plain = stepping(firstOf, (s, memory, previous, p, allowed) => {
  const stay = stopping(s, memory, p, allowed);
  const weights = stay.map((here, j) =>
    allowed(j) ? previous[j] * here + (j === 0 ? 0 : previous[j - 1] * (1 - stay[j - 1])) : 0,
  );
  return { weights, left: () => weights };
});

export const plainForward = ({ agent, queryWidth }: { agent: boolean; queryWidth: number }): Plain =>
  stepping(
    (memory) => ({ previous: firstOf(memory), goesOn: 0.5 }),
    (whole, memory, { previous, goesOn }, p, allowed) => {
      const s = whole.slice(0, queryWidth);
      const y = softmax(energies(s, memory, p), allowed);
      const [stays, goes] = agent ? [1 - goesOn, goesOn] : [1, 1];
      const weights = scaledToOne(y.map((share, j) => (stays * previous[j] + goes * (previous[j - 1] ?? 0)) * share));
      return {
        weights,
        left: (context) => {
          if (!agent) return { previous: weights, goesOn };
          const told = [...context, ...whole.slice(queryWidth), ...s];
          const hidden = affine(told, p['agent_kernel'] as Matrix, p['agent_bias'] as Vector).map((x) => Math.tanh(x));
          return {
            previous: weights,
            goesOn: sigmoid(dotOf(hidden, p['agent_vector'] as Vector) + (p['agent_offset'] as number)),
          };
        },
      };
    },
  );

export const plainGmm = ({
  components,
  version,
  origin,
}: {
  components: number;
  version: 'V0' | 'V2';
  origin: number;
}): Plain =>
  stepping(
    () => Array.from({ length: components }, () => 0),
    (s, memory, before, p, allowed) => {
      const hidden =
        version === 'V0'
          ? s
          : affine(s, p['hidden_kernel'] as Matrix, p['hidden_bias'] as Vector).map((x) => Math.tanh(x));
      const all = affine(hidden, p['kernel'] as Matrix, p['bias'] as Vector);
      const part = (n: number): Vector => all.slice(n * components, (n + 1) * components);
      const [first, second, third] = [part(0), part(1), part(2)];
      const mu = before.map((m, k) => m + (version === 'V0' ? Math.exp(third[k]) : softplus(second[k])));
      const shares = softmax(first, () => true);
      const bell = (k: number, u: number): number => {
        if (version === 'V0') return Math.exp(first[k]) * Math.exp(-Math.exp(second[k]) * (mu[k] - u) ** 2);
        const variance = softplus(third[k]) ** 2;
        return (shares[k] * Math.exp(-((u - mu[k]) ** 2) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);
      };
      const weights = memory.map((_, j) => (allowed(j) ? sumOf(mu.map((__, k) => bell(k, j + origin))) : 0));
      return { weights, left: () => mu };
    },
  );

const luongScores = (s: Vector, memory: Matrix, p: PlainInputs): Vector => {
  const q = p['kernel'] === undefined ? s : affine(s, p['kernel'] as Matrix);
  return memory.map((h) => dotOf(q, h));
};

export const plainLocalM = ({ halfWidth }: { halfWidth: number }): Plain =>
  stepping(
    () => 0,
    (s, memory, step, p, allowed) => ({
      weights: softmax(luongScores(s, memory, p), (j) => allowed(j) && Math.abs(j - step) <= halfWidth),
      left: () => step + 1,
    }),
  );

export const plainLocalP = ({ halfWidth, renormalize = false }: { halfWidth: number; renormalize?: boolean }): Plain =>
  stepping(
    () => 0,
    (s, memory, _, p, allowed, count) => {
      const hidden = affine(s, p['position_kernel'] as Matrix).map((x) => Math.tanh(x));
      const centre = count * sigmoid(dotOf(hidden, p['position_vector'] as Vector));
      const shares = softmax(luongScores(s, memory, p), (j) => allowed(j) && Math.abs(j - centre) <= halfWidth);
      const weights = shares.map((share, j) => share * Math.exp(-((j - centre) ** 2) / (2 * (halfWidth / 2) ** 2)));
      return { weights: renormalize ? scaledToOne(weights) : weights, left: () => 0 };
    },
  );
