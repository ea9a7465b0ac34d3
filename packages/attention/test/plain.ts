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
