import type { Node } from '../tape.js';
import type { Attended, Row } from './formula.js';
import type { Cube, Matrix, Open, Vector } from './maths.js';

/** How many heads there are of what, and how wide they are. */
export interface Layout {
  readonly heads: number;
  readonly keyHeads?: number;
  /** Heads of values, when they aren't those of keys. */
  readonly valueHeads?: number;
  readonly width: number;
}

/** A position that is none of the memory's; without a value it only takes weight. */
export interface Beside {
  readonly score: Node;
  /** [Dv] */
  readonly value?: Vector;
}

/** What a variant does on the way, each with what is there so far; nothing where a step is left out. */
export interface Variant {
  /** Queries or keys [H][D] of one position, before they are compared. */
  place?(which: 'query' | 'key', heads: Matrix, position: number): Matrix;
  /** Factor of the products of queries and keys; 1/√D when absent. */
  readonly scale?: number;
  /** Whether position j may be attended to, besides what the caller says. */
  allows?(i: number, j: number): boolean;
  /** Products [H][T][Tk] → scores [G][T][Tk]. */
  scores?(products: Cube, open: (i: number, j: number) => boolean): Cube;
  /** What query i may attend to in a head besides the memory: it takes part in the sum of the weights, and in the context by its value. */
  beside?(i: number, head: number): readonly Beside[];
  /** One row of scores → weights; softmax when absent. */
  weigh?(scores: Vector, open: Open, head: number): Vector;
  /** Weights [G][T][Tk] → those of the contexts. */
  weights?(weights: Cube, open: (i: number, j: number) => boolean): Cube;
  /** The contexts [H][Dv] of a query, before the output's projection. */
  contexts?(contexts: Matrix, query: Vector): Matrix;
}

/** A vector in equal parts. */
export const split = (x: Vector, parts: number): Matrix =>
  Array.from({ length: parts }, (_, n) => x.slice((n * x.length) / parts, ((n + 1) * x.length) / parts));

/** x·W + b of a layer, by its name. */
export function project({ maths, parameters }: Row<unknown>, layer: string, x: Vector): Vector {
  const bias = parameters.has(`${layer}_bias`) ? parameters.vector(`${layer}_bias`) : undefined;
  return maths.affine(x, parameters.matrix(`${layer}_kernel`), bias);
}

/** Context of a query: those of its heads end to end, projected. */
export const joined = (row: Row<unknown>, heads: readonly { readonly context: Vector }[]): Vector =>
  project(
    row,
    'output',
    heads.flatMap(({ context }) => context),
  );

/** Vaswani et al. 2017, §3.2.2, with grouped heads: adjacent query heads share a key head. Query i sits on position i. */
export function attendByHeads(row: Row<unknown>, layout: Layout, variant: Variant = {}): Attended {
  const { maths, query, memory } = row;
  const { heads, keyHeads = heads, valueHeads = keyHeads, width } = layout;
  const { place = (_, x) => x, scale = 1 / Math.sqrt(width), allows = () => true } = variant;
  const open = (i: number, j: number): boolean => row.open(i, j) && allows(i, j);
  const q = query.map((x, i) => place('query', split(project(row, 'query', x), heads), i));
  const k = memory.map((x, j) => place('key', split(project(row, 'key', x), keyHeads), j));
  const v = memory.map((x) => split(project(row, 'value', x), valueHeads));
  const products = Array.from({ length: heads }, (_, h) =>
    q.map((one) => k.map((key) => maths.scaled(maths.dot(one[h], key[Math.floor((h * keyHeads) / heads)]), scale))),
  );
  const scores = variant.scores?.(products, open) ?? products;
  const weigh = variant.weigh ?? ((x: Vector, isOpen: Open) => maths.softmax(x, isOpen));
  const beside = scores.map((rows, g) => rows.map((_, i) => variant.beside?.(i, g) ?? []));
  const weighed = scores.map((rows, g) =>
    rows.map((one, i) => {
      const all = [...one, ...beside[g][i].map(({ score }) => score)];
      return weigh(all, (j) => j >= one.length || open(i, j), g);
    }),
  );
  const plain = weighed.map((rows) => rows.map((one) => one.slice(0, memory.length)));
  const weights = variant.weights?.(plain, open) ?? plain;
  const context = query.map((x, i) => {
    const contexts = weights.map((rows, h) => {
      const ofMemory = maths.weighted(
        rows[i],
        v.map((value) => value[Math.floor((h * valueHeads) / weights.length)]),
      );
      return (variant.beside ? beside[h][i] : []).reduce<Vector>(
        (sum, { value }, n) =>
          value === undefined
            ? sum
            : sum.map((x, d) => maths.add(x, maths.mul(weighed[h][i][memory.length + n], value[d]))),
        ofMemory,
      );
    });
    return project(row, 'output', (variant.contexts?.(contexts, x) ?? contexts).flat());
  });
  return { context, weights };
}
